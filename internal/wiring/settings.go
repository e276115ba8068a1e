package wiring

import (
	"cmp"
	"fmt"

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
	BuildID            string // BUILD_ID: names this build of the worker; unset, it is unversioned
}

// Read takes the settings from an environment.
func Read(getenv func(string) string) (Settings, error) {
	s := Settings{
		DatabaseURL:      getenv("DATABASE_URL"),
		SMTPURL:          getenv("SMTP_URL"),
		Listen:           cmp.Or(getenv("LISTEN"), "127.0.0.1:8080"),
		PublicURL:        getenv("PUBLIC_URL"),
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

// publicURL is where people reach the API: as said, else where it listens.
func (s Settings) publicURL(listening string) string {
	return cmp.Or(s.PublicURL, "http://"+listening)
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
