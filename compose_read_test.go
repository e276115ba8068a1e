package main

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// deployment is what the tests look at of docker-compose.yml, with the values
// of the example filled in and secrets where it leaves them open.
type deployment struct {
	Services map[string]deployedService
	Volumes  map[string]any
	Networks map[string]struct{ Internal bool }
	Configs  map[string]struct{ Content string }
}

type deployedService struct {
	Image       string
	Command     []string
	Environment map[string]string
	Ports       []string
	Volumes     []string
	Tmpfs       []string
	Networks    []string
	Configs     []struct{ Source string }
	Restart     string
	ReadOnly    bool                                  `yaml:"read_only"`
	CapDrop     []string                              `yaml:"cap_drop"`
	StopGrace   time.Duration                         `yaml:"stop_grace_period"`
	DependsOn   map[string]struct{ Condition string } `yaml:"depends_on"`
	Healthcheck struct{ Test []string }
}

// job tells whether a service ends by itself.
func (c deployedService) job() bool { return strings.HasPrefix(c.Restart, "on-failure:") }

// composeVariable is a variable that Compose fills in, with what it says without it.
var composeVariable = regexp.MustCompile(`\$\{(\w+)([^}]*)\}`)

func textOf(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// deploymentExample gives the variables of the example as they stand there.
func deploymentExample(t *testing.T) map[string]string {
	variables := map[string]string{}
	for line := range strings.Lines(textOf(t, "deploy/env.example")) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok && !strings.HasPrefix(name, "#") {
			variables[name] = value
		}
	}
	return variables
}

func deployed(t *testing.T) deployment {
	variables := deploymentExample(t)
	for name, value := range variables {
		if value == "" {
			variables[name] = strings.Repeat("0a", 32)
		}
	}
	text := composeVariable.ReplaceAllStringFunc(textOf(t, "docker-compose.yml"), func(r string) string {
		return variables[composeVariable.FindStringSubmatch(r)[1]]
	})
	var d deployment
	require.NoError(t, yaml.Unmarshal([]byte(strings.ReplaceAll(text, "$$", "$")), &d))
	return d
}

// programs are the services that run our image, by name; what the image says by
// itself stands in their environment too.
func (d deployment) programs(t *testing.T) map[string]deployedService {
	ours := map[string]deployedService{}
	for name, service := range d.Services {
		if strings.HasPrefix(service.Image, "ombudsdienst:") {
			environment := imageEnvironment(t)
			maps.Copy(environment, service.Environment)
			service.Environment = environment
			ours[name] = service
		}
	}
	require.Len(t, ours, 3)
	return ours
}

// dockerInstruction gives the arguments of an instruction of the Dockerfile, one a line.
func dockerInstruction(t *testing.T, name string) []string {
	var all []string
	for line := range strings.Lines(textOf(t, "Dockerfile")) {
		if arguments, ok := strings.CutPrefix(line, name+" "); ok {
			all = append(all, strings.TrimSpace(arguments))
		}
	}
	require.NotEmpty(t, all, name)
	return all
}

func imageEnvironment(t *testing.T) map[string]string {
	environment := map[string]string{}
	for _, line := range dockerInstruction(t, "ENV") {
		for _, pair := range strings.Fields(line) {
			name, value, _ := strings.Cut(pair, "=")
			environment[name] = value
		}
	}
	return environment
}
