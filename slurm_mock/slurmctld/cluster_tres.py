"""What a cluster has to give, by TRES. Source: AccountingStorageTRES in slurm.conf(5)."""

from ..common.tres import parse_gres


def cluster_tres(cluster, book, config):
    """{TRES name: count} of a Cluster: every TRES of the accounting database; memory in MiB."""
    nodes = cluster.nodes.values()
    counts = dict.fromkeys(book.tres, 0)
    counts.update(cpu=sum(n.cpus for n in nodes), mem=sum(n.memory for n in nodes), node=len(cluster.nodes))
    counts["billing"] = counts["cpu"]
    for name in counts:
        if name.startswith("gres/"):
            wanted, _, kind = name[5:].partition(":")
            counts[name] = sum(count for n in nodes for (gres, own), count in parse_gres(n.gres).items()
                               if gres == wanted and kind in ("", own))
        elif name.startswith("license/"):
            counts[name] = sum(int(item.partition(":")[2] or 1) for item in
                               config.get("Licenses", "").split(",") if item.partition(":")[0] == name[8:])
    return counts


def tres_line(counts):
    """ "billing=104,cpu=104,mem=296000M": by name."""
    from ..common.proc_args import memory_text
    return ",".join(f"{n}={memory_text(c) if n == 'mem' else c}" for n, c in sorted(counts.items()))
