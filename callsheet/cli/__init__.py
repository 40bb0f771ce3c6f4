"""The command line: each command parses, calls one service, shows. Rules live below."""
