package main

import (
	"maps"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/post"
	"ombudsdienst/internal/register"
	"ombudsdienst/internal/wiring"
	"ombudsdienst/workflows"
)

func TestComposeSetsOnlyWhatTheProgramReads(t *testing.T) {
	known := []string{"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE", "TEMPORAL_API_KEY", "TEMPORAL_CLIENT_AUTHORITY", "TEMPORAL_TLS",
		"TEMPORAL_TLS_CLIENT_CERT_PATH", "TEMPORAL_TLS_CLIENT_KEY_PATH", "TEMPORAL_TLS_SERVER_CA_CERT_PATH", "TEMPORAL_TLS_SERVER_NAME"}
	for _, found := range regexp.MustCompile(`getenv\("(\w+)"\)`).FindAllStringSubmatch(textOf(t, "internal/wiring/settings.go"), -1) {
		known = append(known, found[1])
	}
	for name, program := range deployed(t).programs(t) {
		require.Subset(t, known, slices.Collect(maps.Keys(program.Environment)), name)
	}
}

func TestComposeSetsWhatEachProgramRequiresAndNoOtherSecret(t *testing.T) {
	required := map[string][]string{
		"migrate": {"DATABASE_URL", "MIGRATE_DATABASE_URL"},
		"api":     {"DATABASE_URL", "REGISTER_KEY", "TEMPORAL_ADDRESS", "TEMPORAL_UI_URL", "PUBLIC_URL", "TRUSTED_PROXIES", "METRICS_LISTEN"},
		"worker":  {"DATABASE_URL", "REGISTER_KEY", "TEMPORAL_ADDRESS", "SMTP_URL", "CLAMD_ADDRESS", "BUILD_ID"},
	}
	for name, program := range deployed(t).programs(t) {
		require.ElementsMatch(t, append(required[name], "LISTEN", "DATA_DIR"), slices.Collect(maps.Keys(program.Environment)), name)
		require.NotContains(t, slices.Collect(maps.Values(program.Environment)), "", name)
	}
}

func TestTheProgramsUnderstandWhatComposeSets(t *testing.T) {
	d := deployed(t)
	programs := d.programs(t)
	settings := map[string]wiring.Settings{}
	for name, program := range programs {
		s, err := wiring.Read(func(variable string) string { return program.Environment[variable] })
		require.NoError(t, err, name)
		settings[name] = s
		requireDatabase(t, s.DatabaseURL, devstack.AppRole)
		d.requireReach(t, name, s.DatabaseURL)
		if s.TemporalAddress != "" {
			d.requireReach(t, name, "tcp://"+s.TemporalAddress)
		}
	}
	requireDatabase(t, settings["migrate"].MigrateDatabaseURL, devstack.OwnerRole)
	d.requireReach(t, "migrate", settings["migrate"].MigrateDatabaseURL)
	d.requireReach(t, "worker", settings["worker"].SMTPURL)
	_, err := post.ParseServer(settings["worker"].SMTPURL)
	require.NoError(t, err)
	_, err = register.ParseKeys(settings["api"].Key)
	require.NoError(t, err)
	require.Equal(t, settings["api"].Key, settings["worker"].Key, "they read the same register")
}

func requireDatabase(t *testing.T, address, role string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	require.Equal(t, role, u.User.Username())
	require.Equal(t, "/"+devstack.DatabaseName, u.Path)
}

// requireReach holds that a service shares a network with the one it is to speak to.
func (d deployment) requireReach(t *testing.T, from, address string) {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	require.Contains(t, d.Services, u.Hostname())
	require.True(t, shareNetwork(d.Services[from], d.Services[u.Hostname()]), "%s cannot reach %s", from, u.Hostname())
}

func shareNetwork(a, b deployedService) bool {
	return slices.ContainsFunc(a.Networks, func(network string) bool { return slices.Contains(b.Networks, network) })
}

func TestRolesOfTheRegisterAreMadeWithTheirPasswords(t *testing.T) {
	d := deployed(t)
	require.Equal(t, "register-roles", d.Services["register-db"].Configs[0].Source)
	roles := d.Configs["register-roles"].Content
	for _, role := range []string{devstack.OwnerRole, devstack.AppRole} {
		require.Contains(t, roles, "CREATE ROLE "+role+" LOGIN PASSWORD")
	}
	for _, found := range regexp.MustCompile(`\\getenv \w+ (\w+)`).FindAllStringSubmatch(roles, -1) {
		require.Contains(t, d.Services["register-db"].Environment, found[1])
	}
}

func TestTheExampleNamesExactlyWhatComposeAsksFor(t *testing.T) {
	asked := map[string]bool{}
	for _, found := range composeVariable.FindAllStringSubmatch(textOf(t, "docker-compose.yml"), -1) {
		asked[found[1]] = true
		require.Regexp(t, `^:\?.+`, found[2], "%s: without it the start stops with words", found[1])
	}
	variables := deploymentExample(t)
	require.ElementsMatch(t, slices.Collect(maps.Keys(variables)), slices.Collect(maps.Keys(asked)))
	for name, value := range variables {
		if strings.HasSuffix(name, "PASSWORD") || strings.HasSuffix(name, "KEY") {
			require.Empty(t, value, "%s: a secret has no default", name)
		}
	}
}

func TestEachImageIsPinned(t *testing.T) {
	pinned := regexp.MustCompile(`^[a-z/-]+:v?\d+\.\d+(\.\d+)?(-alpine\d+\.\d+)?$`)
	for name, service := range deployed(t).Services {
		require.Regexp(t, pinned, service.Image, name)
	}
	for _, from := range dockerInstruction(t, "FROM") {
		require.Regexp(t, pinned, strings.Fields(from)[0])
	}
	for name, program := range deployed(t).programs(t) {
		require.Equal(t, "ombudsdienst:"+wiring.Version, program.Image, name)
	}
	language := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(textOf(t, "go.mod"))[1]
	require.Contains(t, dockerInstruction(t, "FROM")[0], "golang:"+language+"-")
}

func TestOnlyPagesArePublishedAndOnThisMachineOnly(t *testing.T) {
	d, variables := deployed(t), deploymentExample(t)
	published := map[string]string{}
	for name, service := range d.Services {
		for _, port := range service.Ports {
			parts := strings.Split(port, ":")
			require.Len(t, parts, 3, port)
			require.Equal(t, "127.0.0.1", parts[0], name)
			published[name] = parts[1]
			require.True(t, slices.ContainsFunc(service.Networks, func(n string) bool { return !d.Networks[n].Internal }), name)
		}
	}
	require.ElementsMatch(t, []string{"api", "temporal-ui", "mail"}, slices.Collect(maps.Keys(published)))
	require.Equal(t, "http://127.0.0.1:"+published["api"], variables["PUBLIC_URL"])
	require.Equal(t, "http://127.0.0.1:"+published["temporal-ui"], variables["TEMPORAL_UI_URL"])
}

func TestTheAPIListensWhereItIsPublishedAndAskedForItsHealth(t *testing.T) {
	api := deployed(t).programs(t)["api"]
	_, port, err := net.SplitHostPort(api.Environment["LISTEN"])
	require.NoError(t, err)
	require.Equal(t, []string{port}, dockerInstruction(t, "EXPOSE"))
	require.True(t, strings.HasSuffix(api.Ports[0], ":"+port), api.Ports[0])
	require.Contains(t, api.Healthcheck.Test, "http://127.0.0.1:"+port+"/readyz")
}

func TestEachVolumeIsDeclaredAndUsed(t *testing.T) {
	d := deployed(t)
	used := map[string]string{}
	for name, service := range d.Services {
		for _, volume := range service.Volumes {
			source, target, _ := strings.Cut(volume, ":")
			require.NotContains(t, used, source, "%s: a volume has one owner", name)
			used[source] = target
		}
	}
	require.ElementsMatch(t, slices.Collect(maps.Keys(d.Volumes)), slices.Collect(maps.Keys(used)))
	data := imageEnvironment(t)["DATA_DIR"]
	require.Equal(t, []string{data}, dockerInstruction(t, "VOLUME"))
	require.Equal(t, data, used["print"], "what the worker leaves to be printed outlives it")
	for name, program := range d.programs(t) {
		mounts := append(program.Tmpfs, program.Volumes...)
		require.True(t, slices.ContainsFunc(mounts, func(m string) bool { return slices.Contains(strings.Split(m, ":"), data) }), name)
	}
}

func TestWaitingIsForHealthOrForTheEndOfAJob(t *testing.T) {
	d := deployed(t)
	awaited := map[string]bool{}
	for name, service := range d.Services {
		for other, wait := range service.DependsOn {
			require.Contains(t, d.Services, other)
			awaited[other] = true
			switch wait.Condition {
			case "service_healthy":
				require.NotEmpty(t, d.Services[other].Healthcheck.Test, "%s waits for the health of %s", name, other)
			case "service_completed_successfully":
				require.True(t, d.Services[other].job(), "%s waits for the end of %s", name, other)
			default:
				t.Errorf("%s waits for nothing of %s: %q", name, other, wait.Condition)
			}
		}
	}
	for name, service := range d.Services {
		require.True(t, service.job() || service.Restart == "unless-stopped", name)
		require.True(t, !service.job() || awaited[name], "nobody waits for %s", name)
	}
}

func TestNoDatabaseSharesANetworkWithAPage(t *testing.T) {
	d := deployed(t)
	for _, database := range []string{"register-db", "temporal-db"} {
		for _, network := range d.Services[database].Networks {
			require.True(t, d.Networks[network].Internal, network)
		}
		for _, page := range []string{"temporal-ui", "mail"} {
			require.False(t, shareNetwork(d.Services[database], d.Services[page]), "%s reaches %s", page, database)
		}
	}
	require.False(t, shareNetwork(d.Services["register-db"], d.Services["temporal"]), "no personal data in Temporal")
	for name, service := range d.Services {
		for _, network := range service.Networks {
			require.Contains(t, d.Networks, network, name)
		}
	}
}

func TestEachCommandIsOneOfTheProgram(t *testing.T) {
	require.Equal(t, []string{`["ombudsdienst"]`}, dockerInstruction(t, "ENTRYPOINT"))
	for name, program := range deployed(t).programs(t) {
		require.Equal(t, name, program.Command[0])
		require.Contains(t, usage, "  ombudsdienst "+name+" ")
		for _, flag := range program.Command[1:] {
			require.Contains(t, usage, "      "+flag+" ")
		}
	}
}

func TestTheDeployedWorkerTakesOverUnderTheNameOfItsBuild(t *testing.T) {
	worker := deployed(t).programs(t)["worker"]
	require.Equal(t, []string{"worker", "--promote"}, worker.Command)
	s, err := wiring.Read(func(variable string) string { return worker.Environment[variable] })
	require.NoError(t, err)
	require.Equal(t, deploymentExample(t)["BUILD_ID"], s.BuildID)
	require.NotEmpty(t, s.BuildID)
}

func TestProgramsRunWithoutRightsAndTheWorkerHasTimeToEnd(t *testing.T) {
	require.Regexp(t, `^[1-9]\d*:[1-9]\d*$`, dockerInstruction(t, "USER")[0])
	programs := deployed(t).programs(t)
	for name, program := range programs {
		require.True(t, program.ReadOnly, name)
		require.Equal(t, []string{"ALL"}, program.CapDrop, name)
	}
	require.Greater(t, programs["worker"].StopGrace, 30*time.Second)
}

func TestTheNamespaceKeepsProceduresAndKnowsTheSearchAttributes(t *testing.T) {
	script := strings.Join(strings.Fields(deployed(t).Services["temporal-namespace"].Command[0]), " ")
	require.Contains(t, script, "--retention 90d")
	require.Contains(t, script, "--namespace default")
	attributes := workflows.SearchAttributes()
	require.Equal(t, len(attributes), strings.Count(script, "--name "))
	for _, attribute := range attributes {
		require.Contains(t, script, "--name "+attribute.GetName()+" --type "+attribute.GetValueType().String())
	}
}

func TestNoSecretReachesTheBuild(t *testing.T) {
	left := strings.Split(textOf(t, ".dockerignore"), "\n")
	require.Subset(t, left, []string{".git", "deploy", "data"})
	require.Contains(t, strings.Split(textOf(t, ".gitignore"), "\n"), "/deploy/env")
}
