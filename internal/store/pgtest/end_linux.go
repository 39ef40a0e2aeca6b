package pgtest

import "syscall"

// endWithUs lets the system end a server whose test was killed.
func endWithUs(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGQUIT }
