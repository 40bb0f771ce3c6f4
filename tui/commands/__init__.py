"""What can be done, one module for each screen, gathered in `all_commands`."""
