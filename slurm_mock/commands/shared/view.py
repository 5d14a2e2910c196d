"""What fields need to know beside the record: the time, the cluster, how to write times."""

import time


class View:
    """One reading of the cluster, made by a command from its Call.

    Sources: SLURM_TIME_FORMAT in squeue(1); localtime is the caller's (TZ).
    """

    def __init__(self, controller, env, convert=True):
        self.controller, self.env = controller, env
        self.now, self.config, self.caller = controller.now, controller.config, controller.caller
        self.convert = convert           # False: --noconvert
        self.bad_time_format = None      # an unusable SLURM_TIME_FORMAT, to be reported once
        self.complain = None             # function of a text that reports it when a time is first shown
        self._cluster = self._parts = self._release = None
        self._stamps = {}
        self._form = self._time_format(env.get("SLURM_TIME_FORMAT", ""))

    @property
    def release(self):
        """The cluster's release of Slurm (common/release.py)."""
        if self._release is None:
            self._release = self.controller.slurm_release
        return self._release

    @property
    def cluster(self):
        """The Cluster as it is now, read at first use."""
        if self._cluster is None:
            self._cluster = self.controller.cluster()
        return self._cluster

    @property
    def parts(self):
        """{name: Part}, without the rest of the cluster."""
        if self._parts is None:
            self._parts = self.controller.parts()
        return self._parts

    def part(self, names):
        """The first of a job's partitions that exists, or None."""
        parts = self.parts
        for name in names.split(","):
            if name in parts:
                return parts[name]
        return None

    def allowed(self, part):
        """May the caller use this partition (AllowGroups)? If not, commands hide it."""
        groups = part.options.get("AllowGroups", "ALL")
        if self.caller.admin or groups.upper() == "ALL":
            return True
        return bool(set(groups.split(",")) & self.groups())

    def groups(self):
        """Names of the caller's groups."""
        import grp
        try:
            mine = {grp.getgrgid(self.caller.gid).gr_name}
        except KeyError:
            mine = set()
        return mine | {g.gr_name for g in grp.getgrall() if self.caller.user in g.gr_mem}

    def visible(self, everything=False):
        """Partitions that a command shows: hidden and forbidden ones only on demand."""
        return [p for p in self.parts.values()
                if everything or (self.allowed(p) and not p.hidden)]

    # ---- times ------------------------------------------------------------

    def _time_format(self, form):
        if form in ("", "standard"):
            return "%Y-%m-%dT%H:%M:%S"
        if form == "relative":
            return None
        if "%" not in form or len(form) >= 32:
            self.bad_time_format = form
            return "%Y-%m-%dT%H:%M:%S"
        return form

    def stamp(self, when, empty="N/A"):
        """Seconds since the epoch as SLURM_TIME_FORMAT asks; `empty` when not set."""
        if not when:
            return empty
        text = self._stamps.get(when)
        if text is None:
            if self.bad_time_format is not None and self.complain:
                self.complain(f"invalid SLURM_TIME_FORMAT = '{self.bad_time_format}'")
                self.complain = None
            local = time.localtime(when)
            text = time.strftime(self._form or self._relative(local), local)
            if len(text) > 31:
                text = "#" * 31
            self._stamps[when] = text
        return text

    def _relative(self, then):
        """The shortest form that tells a day near today (SLURM_TIME_FORMAT=relative)."""
        today = time.localtime(self.now)
        # Slurm counts like this, so that New Year's Eve is far from New Year's Day
        days = (1000 * (then.tm_year - today.tm_year) + then.tm_yday - today.tm_yday)
        if days == -1:
            return "Ystday %H:%M"
        if days == 0:
            return "%H:%M:%S"
        if days == 1:
            return "Tomorr %H:%M"
        if abs(days) > 365:
            return "%-d %b %Y"
        if days < -1 or days > 6:
            return "%-d %b %H:%M"
        return "%a %H:%M"


def clock_line(now):
    """The date that long listings begin with: "Sun Nov 22 21:35:11 2026"."""
    return time.strftime("%a %b %d %H:%M:%S %Y", time.localtime(now))
