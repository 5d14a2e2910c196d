"""What the mock's sacctmgr says in Slurm's words, but for the errors of slurm_errno.

Source: Slurm 22.05.8, as printed.
"""

NO_ENTITY = {
    "add": ("No valid entity in add command\nInput line must include \"Account\", \"Cluster\", "
            "\"Coordinator\", \"Federation\", \"QOS\", \"Resource\", or \"User\"\n"),
    "list": ("No valid entity in list command\nInput line must include \"Account\", "
             "\"Association\", \"Cluster\", \"Configuration\",\n\"Event\", \"Federation\", "
             "\"Problem\", \"QOS\", \"Resource\", \"Reservation\",\n\"RunAwayJobs\", \"Stats\", "
             "\"Transaction\", \"TRES\", \"User\", or \"WCKey\"\n"),
    "modify": ("No valid entity in modify command\nInput line must include \"Account\", "
               "\"Cluster\", \"Federation\", \"Job\", \"QOS\", \"Resource\" or \"User\"\n"),
    "delete": ("No valid entity in delete command\nInput line must include \"Account\", "
               "\"Cluster\", \"Coordinator\", \"Federation\", \"QOS\", \"Resource\", or "
               "\"User\"\n"),
    "clear": "No valid entity in list command\nInput line must include \"Stats\"\n",
    "archive": ("No valid entity in archive command\n"
                "Input line must include, \"Dump\", or \"load\"\n"),
}
NOT_HERE = "slurm_mock: {what} is not part of the mock"
NO_SHUTDOWN = " Problem shutting down server: {why}"
INVALID_KEYWORD = "invalid keyword: {word}"
TOO_MANY = "too many arguments for {word} keyword"
TOO_MANY_COLON = "too many arguments for keyword:{word}"
READONLY = "Can't run this command in readonly mode."
NO_DATABASE = ("You are not running a supported accounting_storage plugin\n"
               "Only 'accounting_storage/slurmdbd' is supported.")
UNKNOWN_FIELD = "Unknown field '{name}'"
UNKNOWN_CONDITION = " Unknown condition: {word}"
UNKNOWN_CONDITION_SET = " Unknown condition: {word}\n Use keyword 'set' to modify value"
UNKNOWN_CONDITION_QOS = " Unknown condition: {word}\n Use keyword 'set' to modify SLURM_PRINT_VALUE"
UNKNOWN_EVENT = " Unknown event type: '{name}'  Valid events are Cluster and Node."
NO_FILE_NAME = " No filename given, using {name}."
NO_LOAD = " Your uid ({uid}) is not in the accounting system, can't load file."
NO_LOAD_FILE = " No filename given to load."
CANT_READ = " Unable to read '{name}': {why}"
BAD_LINE = " Misformatted line({number}): {line}"
NOT_KNOWN = " Your uid ({uid}) is not in the accounting system, can't dump cluster."
UNKNOWN_OPTION = " Unknown option: {word}"
UNKNOWN_OPTION_WHERE = " Unknown option: {word}\n Use keyword 'where' to modify condition"
NO_EQUALS = " Bad format on {word}: End your option with an '=' sign"
INVALID_VALUE = "Invalid value for {what} ({value})"
BAD_TIME = " Bad {what} time format: {word}"
BAD_EXEMPT_TIME = " Bad PreemptExemptTime format: {word}"
BAD_PREEMPT_MODE = " Bad Preempt Mode given: {word}"
BAD_DEFAULT_QOS = "You gave a bad default qos '{name}'.  Use 'list qos' to get complete list."
BAD_QOS = "You gave a bad qos '{name}'. Valid QOS's are {known}"
EMPTY_QOS = "You gave me an empty qos list"
MIXED_QOS = ("You can't set qos equal to something and then add or subtract from it in the same "
             "line")
UNKNOWN_QOS_FLAG = " Unknown QOS flag used in:\n  '{flags}'\n Valid QOS flags are\n  '{known}'"
NO_TRES_FOR = "slurmdb_format_tres_str: no TRES id found for {name}"
NO_TRES_TYPE = "slurmdb_format_tres_str: no TRES known by type {name}"
NO_TRES_ID = "slurmdb_format_tres_str: no TRES known by id {name}"
BAD_UNIT = "Invalid unit type '{unit}'. Possible options are 'KMGTP'"

NEED_NAME = " Need name of {what} to add."
NEED_ONE_ACCOUNT = "An account must be specified"
NEED_ACCOUNT = " Need name of account to add user to."
NO_PARENT = (" Parent account '{name}' doesn't exist on cluster {cluster}\n"
             "        Contact your admin to add this account.")
NO_PARENT_MODIFY = " Parent Account {name} doesn't exist."
NO_ACCOUNT = " This account '{name}' doesn't exist.\n        Contact your admin to add this account."
NO_CLUSTER = (" This cluster '{name}' doesn't exist.\n"
              "        Contact your admin to add it to accounting.")
NO_ASSOCIATIONS = " No associations created."
NO_ASSOCIATIONS_OR_WCKEYS = " No associations or wckeys created."
NOT_OPERATOR = (" Your user/uid ({user}/{uid}) is not AdminLevel >= Operator, you cannot set "
                "DefaultAccount.")
NOTHING_ADDED = " Nothing new added."
NOTHING_SET = " You didn't give me anything to set"
NOTHING_MODIFIED = " Nothing modified"
NOTHING_DELETED = " Nothing deleted"
RAW_USAGE = "Raw usage can only be set to 0 (zero)"
NO_CONDITIONS = " No conditions given to remove, not executing."
NO_NAME_CHANGE = " Can't modify the name of an account"
NO_CLUSTER_CHANGE = " Can't modify the cluster of an account"
KEEP_ROOT = " You are not allowed to remove the root account.\n Use remove cluster instead."
BAD_WHERE = " There was a problem with your 'where' options."
NOT_ASSOCIATED = (" Can't modify because these users aren't associated with new default {what} "
                  "'{name}'...")
NO_QOS_ACCESS = (" These associations don't have access to their default qos.\n"
                 " Please give them access before they the default can be set to this.")
REQUEST = " Error with request: {why}"
PROBLEM_ADDING = " Problem adding {what}: {why}"
NO_PRIVILEGE = "Your user doesn't have privilege to perform this action"
NO_EFFECT = ("accounting_storage/slurmdbd: acct_storage_p_modify_assocs: Request didn't affect "
             "anything or your user doesn't have privilege to perform this action")
NO_STATS = ("accounting_storage/slurmdbd: acct_storage_p_get_stats: RC:2002 Your user doesn't have "
            "privilege to perform this action")
NO_RUNAWAY = "You must have an AdminLevel>=Operator to fix runaway jobs"
NO_DUMP = " Your user does not have sufficient privileges to dump clusters."
CHANGE_DEFAULTS = (
    " Please either remove the accounts listed above from list and resubmit,\n"
    " or change these users' default accounts to remove the account(s).\n Changes Discarded")
ONE_USER = (" If you are changing a users name you can only specify 1 user at a time.")
COORD_NEEDS = {"add": " You need to specify conditions to to add the coordinator.",
               "delete": " You need to specify a user list or account list here.",
               "users": " You need to specify a user list here.",
               "accounts": " You need to specify an account list here."}
NO_SUCH = " You specified a non-existent {what} '{name}'."

COMMIT = "Would you like to commit changes?"
DISCARDED = " Changes Discarded"
ABORTED = "Aborted"
NO_WHERE = ("You didn't set any conditions with 'WHERE'.\nAre you sure you want to continue?")
NEEDS_ASSOC = ("You requested options that are only valid when querying with the withassoc option.\n"
               "Are you sure you want to continue?")
NO_UID = "There is no uid for user '{name}'\nAre you sure you want to continue?"
ASK = "{question} (You have 30 seconds to decide)"
ASK_AGAIN = "Y or N please"
PROMPT = "(N/y): "
TIMEOUT = "timeout"
