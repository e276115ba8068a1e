//go:build !linux

package devstack

import "syscall"

// dieWithParent does nothing where the kernel offers nothing of the kind: a
// server may outlive us there, and is stopped at the next start on its folder.
func dieWithParent(*syscall.SysProcAttr, syscall.Signal) {}
