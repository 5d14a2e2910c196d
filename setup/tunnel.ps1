# Open the tunnel from a Windows laptop to your Jupyter on the cluster, and look who is at its far end
# before you type a password there.  It does what `tunnel` does elsewhere.
#
# NOT TESTED: the lesson's tests run on Linux, where this script can't be run.  It was written after
# `tunnel`, which is tested; tell us what you find.
#
# usage: powershell -ExecutionPolicy Bypass -File tunnel.ps1 USER@HOST REMOTE_PORT [LOCAL_PORT] [NODE] [FINGERPRINT]
#
#   USER@HOST    you, and the full name of the login node, as the start script printed it
#   REMOTE_PORT  the port of your server
#   LOCAL_PORT   the port on this laptop, 8888 if you give none
#   NODE         the compute node of your server; 127.0.0.1, the login node itself, if you give none
#   FINGERPRINT  SHA-256 of your certificate, AB:CD:..., as the start script printed it
#
# Exit codes: 0 you ended the tunnel; 1 it did not come about, or the far end is not yours; 2 refused.
param(
    [string]$Target = '',
    [string]$RemotePort = '',
    [string]$LocalPort = '8888',
    [string]$Node = '127.0.0.1',
    [string]$Fingerprint = ''
)
Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'

function Stop-Usage([string]$Text) {
    [Console]::Error.WriteLine("tunnel: $Text")
    [Console]::Error.WriteLine('tunnel: usage: tunnel.ps1 USER@HOST REMOTE_PORT [LOCAL_PORT] [NODE] [FINGERPRINT]')
    exit 2
}

function Test-Port([string]$Text) {
    return ($Text -match '^[1-9][0-9]{0,4}$') -and ([int]$Text -le 65535)
}

# Return the SHA-256 of the certificate at this port, '' if nothing speaks TLS there.
function Get-Fingerprint([int]$Port) {
    $client = New-Object System.Net.Sockets.TcpClient
    try {
        $client.Connect('127.0.0.1', $Port)
        $client.ReceiveTimeout = 10000
        $client.SendTimeout = 10000
        # The fingerprint is compared below, so any certificate may come.
        $accept = [System.Net.Security.RemoteCertificateValidationCallback] { $true }
        $tls = New-Object System.Net.Security.SslStream($client.GetStream(), $false, $accept)
        $tls.AuthenticateAsClient('localhost', $null, [System.Security.Authentication.SslProtocols]::Tls12, $false)
        $sha = [System.Security.Cryptography.SHA256]::Create()
        $digest = $sha.ComputeHash($tls.RemoteCertificate.GetRawCertData())
        return [System.BitConverter]::ToString($digest).Replace('-', ':')
    } catch {
        return ''
    } finally {
        $client.Close()
    }
}

if ($Target -notmatch '^[A-Za-z0-9._][A-Za-z0-9._@-]*$') { Stop-Usage "'$Target' is not USER@HOST" }
if (-not (Test-Port $RemotePort)) { Stop-Usage "'$RemotePort' is not a port, a number from 1 to 65535" }
if (-not (Test-Port $LocalPort)) { Stop-Usage "'$LocalPort' is not a port, a number from 1 to 65535" }
if ($Node -notmatch '^[A-Za-z0-9][A-Za-z0-9._-]*$') { Stop-Usage "'$Node' is not the name of a node" }
if ($Fingerprint -and ($Fingerprint -notmatch '^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$')) {
    Stop-Usage "'$Fingerprint' is no SHA-256 fingerprint"
}
if (-not (Get-Command ssh -ErrorAction SilentlyContinue)) {
    Stop-Usage 'there is no ssh on this machine: install the OpenSSH client (Settings, Optional features)'
}

# Who else listens here would get the password.  A browser tries [::1] first for "localhost".
foreach ($address in @([System.Net.IPAddress]::Loopback, [System.Net.IPAddress]::IPv6Loopback)) {
    try {
        $trial = New-Object System.Net.Sockets.TcpListener($address, [int]$LocalPort)
        $trial.ExclusiveAddressUse = $true
        $trial.Start()
        $trial.Stop()
    } catch [System.Net.Sockets.SocketException] {
        if ($_.Exception.SocketErrorCode -eq [System.Net.Sockets.SocketError]::AddressAlreadyInUse -or
            $_.Exception.SocketErrorCode -eq [System.Net.Sockets.SocketError]::AccessDenied) {
            [Console]::Error.WriteLine("tunnel: port $LocalPort of this machine is taken by another program: give another LOCAL_PORT")
            exit 1
        }
    }
}

$words = @(
    '-N', '-T', '-o', 'ExitOnForwardFailure=yes', '-o', 'ServerAliveInterval=30',
    '-o', 'ServerAliveCountMax=4', '-o', 'ControlMaster=no', '-o', 'ControlPath=none',
    '-L', "127.0.0.1:${LocalPort}:${Node}:${RemotePort}", $Target
)
$ssh = Start-Process -FilePath 'ssh' -ArgumentList $words -NoNewWindow -PassThru
try {
    # The forwarding stands when the local port takes a connection; a password may be asked for first.
    while ($true) {
        if ($ssh.HasExited) {
            [Console]::Error.WriteLine("tunnel: ssh could not open the tunnel to $Target")
            exit 1
        }
        $trial = New-Object System.Net.Sockets.TcpClient
        try { $trial.Connect('127.0.0.1', [int]$LocalPort); break } catch { Start-Sleep -Milliseconds 300 } finally { $trial.Close() }
    }
    $found = ''
    for ($try = 0; ($try -lt 3) -and (-not $found); $try++) {
        $found = Get-Fingerprint ([int]$LocalPort)
        if (-not $found) { Start-Sleep -Seconds 1 }
    }
    if (-not $found) {
        [Console]::Error.WriteLine("tunnel: nothing on ${Node}:$RemotePort speaks https: the server stopped, or you reached another login node; do not type your password")
        exit 1
    }
    if ($Fingerprint -and ($found -ne $Fingerprint.ToUpper())) {
        [Console]::Error.WriteLine("tunnel: the certificate at the far end is not yours (its fingerprint is $found): do not type your password; the tunnel is closed")
        exit 1
    }
    if ($Fingerprint) {
        Write-Output 'The certificate at the far end is yours.'
    } else {
        Write-Output 'The certificate at the far end has the SHA-256 fingerprint'
        Write-Output $found
        Write-Output 'Is it the one that the start script printed?  Only then type your password.'
    }
    Write-Output "https://localhost:$LocalPort"
    Write-Output 'The tunnel stands until you press Ctrl-C.'
    $ssh.WaitForExit()
    [Console]::Error.WriteLine('tunnel: the connection has ended; is the login node still there?')
    exit 1
} finally {
    if (-not $ssh.HasExited) { $ssh.Kill() }
}
