package wiring

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/contrib/envconfig"
	"go.temporal.io/sdk/log"

	"ombudsdienst/internal/devstack"
	"ombudsdienst/internal/register"
)

// Settings are what a deployment says through its environment.
type Settings struct {
	DatabaseURL        string // DATABASE_URL: the application's user
	MigrateDatabaseURL string // MIGRATE_DATABASE_URL: the owner; the same when unset
	SMTPURL            string // SMTP_URL: unset, mail becomes files in DataDir
	Listen             string // LISTEN: address of the API
	PublicURL          string // PUBLIC_URL: as the world sees the API
	OrganisationFile   string // ORGANISATION: unset, Solidaris Brabant
	TemporalUIURL      string // TEMPORAL_UI_URL: as staff see the Web UI
	TemporalAddress    string // TEMPORAL_ADDRESS: unset, localhost:7233; up then starts its own
	DataDir            string // DATA_DIR: key file, print queue, mail files
	Key                string // REGISTER_KEY: the register's secret itself, instead of a file
	KeyFile            string // REGISTER_KEY_FILE: unset, DataDir/register.key
	ClamdAddress       string // CLAMD_ADDRESS: of the virus scanner; unset or "off": there is none
	NewKey             string // REGISTER_KEY_NEW: for rekey, the secret that takes its place
	NewKeyFile         string // REGISTER_KEY_NEW_FILE: unset, the key file's name with .new
	TLSCert, TLSKey    string // TLS_CERT, TLS_KEY: files; set, the API speaks https itself
	MetricsListen      string // METRICS_LISTEN: set, /metrics is served there alone
	BuildID            string // BUILD_ID: names this build of the worker; unset, it is unversioned

	TrustedProxies []netip.Prefix // TRUSTED_PROXIES: whose word on the caller's address is taken
}

// Read takes the settings from an environment.
func Read(getenv func(string) string) (Settings, error) {
	s := Settings{
		DatabaseURL:      getenv("DATABASE_URL"),
		SMTPURL:          getenv("SMTP_URL"),
		Listen:           cmp.Or(getenv("LISTEN"), "127.0.0.1:8080"),
		PublicURL:        strings.TrimRight(getenv("PUBLIC_URL"), "/"),
		OrganisationFile: getenv("ORGANISATION"),
		TemporalUIURL:    getenv("TEMPORAL_UI_URL"),
		TemporalAddress:  getenv("TEMPORAL_ADDRESS"),
		DataDir:          getenv("DATA_DIR"),
		Key:              getenv("REGISTER_KEY"),
		KeyFile:          getenv("REGISTER_KEY_FILE"),
		ClamdAddress:     getenv("CLAMD_ADDRESS"),
		NewKey:           getenv("REGISTER_KEY_NEW"),
		NewKeyFile:       getenv("REGISTER_KEY_NEW_FILE"),
		BuildID:          getenv("BUILD_ID"),
		TLSCert:          getenv("TLS_CERT"),
		TLSKey:           getenv("TLS_KEY"),
		MetricsListen:    getenv("METRICS_LISTEN"),
	}
	if (s.TLSCert == "") != (s.TLSKey == "") {
		return Settings{}, errors.New("TLS_CERT and TLS_KEY belong together: one of them is not set")
	}
	if s.PublicURL != "" && !reachable(s.PublicURL) {
		return Settings{}, errors.New("PUBLIC_URL is not an address such as https://complaints.example.org")
	}
	var err error
	if s.TrustedProxies, err = prefixes(getenv("TRUSTED_PROXIES")); err != nil {
		return Settings{}, err
	}
	s.MigrateDatabaseURL = cmp.Or(getenv("MIGRATE_DATABASE_URL"), s.DatabaseURL)
	if s.DataDir == "" {
		dir, err := devstack.DefaultDir()
		if err != nil {
			return Settings{}, err
		}
		s.DataDir = dir
	}
	return s, nil
}

// reachable tells whether a text is an address of the web to which a path can be
// added.
func reachable(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != "" &&
		u.User == nil && !strings.ContainsAny(text, "?#")
}

// prefixes reads networks ("10.0.0.0/8") and addresses with commas between them.
func prefixes(text string) ([]netip.Prefix, error) {
	var found []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		network, err := netip.ParsePrefix(part)
		if address, single := netip.ParseAddr(part); single == nil {
			address = address.Unmap() // IPv4 written as IPv6
			network, err = address.Prefix(address.BitLen())
		}
		if err != nil || network.Addr().Is4In6() {
			return nil, errors.New("TRUSTED_PROXIES is not a list of addresses and networks such as 10.0.0.0/8")
		}
		found = append(found, network.Masked())
	}
	return found, nil
}

// publicURL is where people reach the API: as said, else where it listens.
func (s Settings) publicURL(listening string) string {
	scheme := "http://"
	if s.TLSCert != "" {
		scheme = "https://"
	}
	return cmp.Or(s.PublicURL, scheme+listening)
}

// keys opens the secret that seals the register's sensitive fields. The API
// makes the file when there is none; all programs need the same one.
func (s Settings) keys() (*register.Keys, error) {
	if s.Key != "" {
		keys, err := register.ParseKeys(s.Key)
		if err != nil {
			return nil, fmt.Errorf("REGISTER_KEY: %w", err)
		}
		return keys, nil
	}
	return register.LoadOrCreateKeys(s.keyFile())
}

// temporal gives the client's options from the standard TEMPORAL_* variables;
// address, when not empty, stands above them.
func (s Settings) temporal(address string, logger log.Logger) (client.Options, error) {
	options, err := envconfig.LoadClientOptions(envconfig.LoadClientOptionsRequest{})
	if err != nil {
		return client.Options{}, fmt.Errorf("read the TEMPORAL_ variables: %w", err)
	}
	if address != "" {
		options.HostPort = address
	}
	options.Namespace = cmp.Or(options.Namespace, client.DefaultNamespace)
	options.Logger = logger
	return options, nil
}
