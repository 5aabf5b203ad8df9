"""Whether model calls leave a record of tokens and cost: readers of usage, instruments, gateways, and the ladder."""
