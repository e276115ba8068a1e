package devstack

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
)

// TemporalOptions says how the dev server runs. Both ports are on loopback; 0
// is any free one.
type TemporalOptions struct {
	Binary   string // the program, as EnsureTemporalBinary gives it; empty: find or build it
	Port     int
	UIPort   int
	Progress Progress
}

// Temporal is a running dev server with its Web UI. Its only namespace is
// "default".
type Temporal struct {
	*program
	port, uiPort int
}

// StartTemporal brings the dev server on the state kept in the data folder, and
// returns when it takes calls. The context bounds the start only, the building
// of the program included; Stop ends the server. Search attributes are not its
// business: the server ignores new ones on a file that exists.
func StartTemporal(ctx context.Context, folder *Folder, options TemporalOptions) (*Temporal, error) {
	binary := options.Binary
	if binary == "" {
		var err error
		if binary, err = EnsureTemporalBinary(ctx, options.Progress); err != nil {
			return nil, err
		}
	}
	server := &Temporal{}
	server.program = &program{
		name:     "Temporal",
		log:      folder.Path("temporal.log"),
		pid:      folder.Path("temporal.pid"),
		mark:     folder.Path("temporal.db"),
		signals:  []syscall.Signal{syscall.SIGINT, syscall.SIGTERM},
		limits:   usual,
		progress: options.Progress,
		ready:    func(ctx context.Context) error { return server.answers(ctx) },
		command:  func() *exec.Cmd { return server.serve(binary, folder) },
	}
	if err := server.endOrphan(ctx); err != nil {
		return nil, err
	}
	if err := server.claimPorts(options); err != nil {
		return nil, err
	}
	if err := server.start(ctx); err != nil {
		return nil, err
	}
	closeFiles(folder)
	options.Progress.say("Temporal is running on port %d, its Web UI on port %d", server.port, server.uiPort)
	return server, nil
}

// serve keeps environment and configuration files of the Temporal program's
// own out of it: they are meant for its other commands.
//
// The write-ahead log makes it several times faster. Without a sync for each
// commit the last ones can be lost with the power; the program counts nothing
// as done that the procedure itself has not recorded.
func (t *Temporal) serve(binary string, folder *Folder) *exec.Cmd {
	cmd := exec.Command(binary, "server", "start-dev",
		"--ip", loopback, "--port", strconv.Itoa(t.port), "--ui-port", strconv.Itoa(t.uiPort),
		"--db-filename", folder.Path("temporal.db"),
		"--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=NORMAL",
		"--log-level", "error", "--disable-config-env", "--disable-config-file")
	cmd.Dir = folder.Path()
	cmd.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool { return strings.HasPrefix(variable, "TEMPORAL_") })
	return cmd
}

// closeFiles takes the state away from other users' eyes; the server makes it
// readable to all.
func closeFiles(folder *Folder) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		_ = os.Chmod(folder.Path("temporal.db"+suffix), 0o600)
	}
}

func (t *Temporal) claimPorts(options TemporalOptions) (err error) {
	if t.port, err = claimPort(options.Port, "--temporal-port"); err != nil {
		return err
	}
	if options.UIPort == t.port {
		return fmt.Errorf("port %d cannot serve both Temporal and its Web UI: choose another with --ui-port", t.port)
	}
	t.uiPort, err = claimPort(options.UIPort, "--ui-port")
	for err == nil && t.uiPort == t.port {
		t.uiPort, err = claimPort(options.UIPort, "--ui-port")
	}
	return err
}

// answers asks the server whether it takes calls, and knocks at its Web UI.
func (t *Temporal) answers(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := grpc.NewClient(t.Address(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	answer, err := grpc_health_v1.NewHealthClient(conn).Check(ctx, &grpc_health_v1.HealthCheckRequest{
		Service: "temporal.api.workflowservice.v1.WorkflowService",
	})
	if err != nil {
		return err
	}
	if answer.Status != grpc_health_v1.HealthCheckResponse_SERVING {
		return fmt.Errorf("not serving yet: %s", answer.Status)
	}
	ui, err := (&net.Dialer{}).DialContext(ctx, "tcp", net.JoinHostPort(loopback, strconv.Itoa(t.uiPort)))
	if err != nil {
		return err
	}
	return ui.Close()
}

// Address is where clients reach the server: host and port.
func (t *Temporal) Address() string {
	return net.JoinHostPort(loopback, strconv.Itoa(t.port))
}

// UIURL is the address of the Web UI, without a slash at its end.
func (t *Temporal) UIURL() string {
	return "http://" + net.JoinHostPort(loopback, strconv.Itoa(t.uiPort))
}
