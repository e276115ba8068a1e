package devstack

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// endOrphan stops a server of ours that outlived the process that started it.
// We hold the lock of the folder, so nobody else can be using it. A process
// that merely got the same number is left alone.
func (p *program) endOrphan(ctx context.Context) error {
	text, err := os.ReadFile(p.pid)
	if err != nil {
		return nil
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil || pid <= 1 || !p.isOurs(ctx, pid) {
		return nil
	}
	p.progress.say("stopping %s (process %d), which an earlier run left behind", p.name, pid)
	for _, signal := range append(p.signals, syscall.SIGKILL) {
		if err := syscall.Kill(pid, signal); err != nil {
			break
		}
		for deadline := time.Now().Add(p.limits.stop); time.Now().Before(deadline); {
			if !p.isOurs(ctx, pid) {
				return nil
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(50 * time.Millisecond):
			}
		}
	}
	if !p.isOurs(ctx, pid) {
		return nil
	}
	return fmt.Errorf("%s of an earlier run (process %d) does not end: stop it and start again", p.name, pid)
}

func (p *program) isOurs(ctx context.Context, pid int) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		line, _ = exec.CommandContext(ctx, "ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	}
	return strings.Contains(string(line), p.mark)
}
