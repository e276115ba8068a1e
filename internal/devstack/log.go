package devstack

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
)

// logLimit is the size in bytes at which a log is set aside at the next start;
// only one older log is kept.
const logLimit = 16 << 20

// makeRoom sets a log aside that has grown too large and says where new text
// will begin.
func makeRoom(path string) (int64, error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if info.Size() > logLimit {
		return 0, os.Rename(path, path+".1")
	}
	return info.Size(), nil
}

// lastLines is the end of what the server printed since its first start in this
// run, ready to be added to an error; empty when it printed nothing.
func (p *program) lastLines() string {
	return lastLines(p.log, p.logStart)
}

func lastLines(path string, from int64) string {
	const lines, size = 8, 4096
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil {
		from = max(from, info.Size()-size)
	}
	text, _ := io.ReadAll(io.NewSectionReader(file, from, size))
	all := strings.Split(strings.TrimSpace(string(text)), "\n")
	if len(all) == 1 && all[0] == "" {
		return ""
	}
	all = all[max(0, len(all)-lines):]
	return "; the end of " + path + ":\n  " + strings.Join(all, "\n  ")
}
