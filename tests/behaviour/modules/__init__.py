"""Every page with modules, gathered from the files beside this one."""
