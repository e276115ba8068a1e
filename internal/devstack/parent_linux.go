package devstack

import "syscall"

// dieWithParent has the kernel send the signal to the child when we are gone,
// however we went.
func dieWithParent(attr *syscall.SysProcAttr, signal syscall.Signal) {
	attr.Pdeathsig = signal
}
