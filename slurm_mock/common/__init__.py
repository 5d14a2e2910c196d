"""Words that every part speaks: records, errors, times, host lists, options, columns."""
