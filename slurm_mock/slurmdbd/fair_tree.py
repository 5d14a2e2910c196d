"""Fair-share: who has used how much of his share, and what that makes of his priority.

Pure functions.  Usage is kept in billing seconds (of CPUs, or what TRESBillingWeights make of all
TRES) for each association and all above it, and fades by PriorityDecayHalfLife.  Source: "Fair Tree
Fairshare Algorithm" of Slurm, slurm.conf(5) PriorityDecayHalfLife and PriorityFlags.
"""

from ..common.slurmdb import SHARES_PARENT

INFINITE_LEVEL = float("inf")


def decay(half_life, seconds):
    """What is left of a usage of 1 after so many seconds; half_life 0: nothing is forgotten."""
    return 0.5 ** (seconds / half_life) if half_life else 1.0


def charge(usage, book, assoc_id, amounts):
    """Add {"": billing seconds, TRES name: seconds} to an association and all above it.

    usage: {association id: {name: seconds}}, changed in place.
    """
    assoc = book.by_id(assoc_id)
    for one in book.lineage(assoc) if assoc else ():
        mine = usage.setdefault(one.id, {})
        for name, amount in amounts.items():
            mine[name] = mine.get(name, 0.0) + amount


class Share:
    """One association's line of sshare: norm_shares, usage (seconds), norm_usage, effective,
    level (LevelFS) and, for a user, factor."""

    __slots__ = ("assoc", "norm_shares", "usage", "norm_usage", "effective", "level", "factor")

    def __init__(self, assoc, usage):
        self.assoc, self.usage = assoc, usage
        self.norm_shares = self.norm_usage = self.effective = self.level = 0.0
        self.factor = None


def shares(book, usage, damp=1, tree=True):
    """{association id: Share} of a cluster.

    tree: the fair tree; without it (PriorityFlags=NO_FAIR_TREE) the classic formula, with
    FairShareDampeningFactor `damp`.
    """
    mine = [a for a in book.associations if a.cluster == book.cluster]
    found = {a.id: Share(a, usage.get(a.id, {}).get("", 0.0)) for a in mine}
    roots = [a for a in mine if not a.user and not a.parent_account]
    for root in roots:
        found[root.id].effective = 1.0
        _measure(book, found, root, found[root.id].usage)
    if tree:
        users = sum(1 for a in mine if a.user)
        for root in roots:
            _Ranking(book, found, users).level(book.children(root), False)
    else:
        for share in found.values():
            if share.assoc.user:
                quotient = (share.norm_usage / share.norm_shares if share.norm_shares
                            else INFINITE_LEVEL)
                share.factor = 2.0 ** -(quotient / damp)
    return found


def _measure(book, found, parent, everything):
    """The figures of all below one association."""
    below = book.children(parent)
    total = sum(a.shares for a in below if a.shares != SHARES_PARENT)
    mother = found[parent.id]
    for assoc in below:
        share = found[assoc.id]
        share.norm_usage = share.usage / everything if everything else 0.0
        if assoc.shares == SHARES_PARENT:
            share.norm_shares, share.effective = mother.norm_shares, mother.effective
        else:
            share.norm_shares = assoc.shares / total if total else 0.0
            share.effective = share.usage / mother.usage if mother.usage else 0.0
        share.level = (share.norm_shares / share.effective if share.effective
                       else INFINITE_LEVEL)
        _measure(book, found, assoc, everything)


class _Ranking:
    """Goes through the tree, those with the highest level first, and gives each user a rank."""

    def __init__(self, book, found, users):
        self.book, self.found, self.users = book, found, users
        self.rank = self.place = users

    def level(self, siblings, tied):
        order = sorted(siblings, key=lambda a: (-self.found[a.id].level, not a.user))
        at = 0
        while at < len(order):
            assoc = order[at]
            if not tied:
                tied = at > 0 and self._same(assoc, order[at - 1])
            at += 1
            if assoc.user:
                if not tied:
                    self.rank = self.place
                self.found[assoc.id].factor = self.rank / self.users
                self.place -= 1
                tied = False
                continue
            # accounts on one level are looked at as if they were one
            children = list(self.book.children(assoc))
            while at < len(order) and self._same(order[at], assoc):
                children += self.book.children(order[at])
                at += 1
            self.level(children, tied)
            tied = False

    def _same(self, one, other):
        return self.found[one.id].level == self.found[other.id].level
