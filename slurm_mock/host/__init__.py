"""Where it all runs: this computer, a clock that steps, one interpreter (a browser)."""
