package api

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
	"github.com/prometheus/client_golang/prometheus"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/internal/organisation"
)

// Config is what the counter works with. All of it is required unless it says
// otherwise.
type Config struct {
	Desk         Desk
	Staff        Staff
	Entrance     Entrance
	Organisation *organisation.Organisation
	Calendar     *complaint.Calendar
	Now          func() time.Time
	PublicURL    string // where complainants reach this server, without a slash at its end
	Version      string // of the program; it stands in the description

	TemporalUIURL string // where supervisors look at procedures; empty: no links
	Namespace     string // of the procedures

	Ready    func(context.Context) Readiness
	Logger   *slog.Logger
	Registry *prometheus.Registry // what /metrics shows

	PublicRate  float64 // requests a second of one address without a token
	PublicBurst int     // at once; zero: the usual rates and burst

	LargeBodies int64 // bytes that large bodies may hold together; zero: 256 MB

	TrustedProxies []netip.Prefix // whose word on the caller's address is taken
	MetricsAside   bool           // /metrics is served elsewhere (Metrics), not here
}

// counter answers requests.
type counter struct {
	Config
	limits        *limiter
	lodgings      *limiter
	wrongTokens   *guesses
	wrongSessions *guesses
	wrongCodes    *guesses
	sessions      *sessions
	room          *room
	ready         *lately
	figures       *figures
	form          *form
	description   []byte // the OpenAPI document
}

// The libraries keep these in variables of their own, for the whole process.
func init() {
	gin.SetMode(gin.ReleaseMode)
	huma.NewErrorWithContext = fromHuma
	huma.NewError = func(status int, message string, details ...error) huma.StatusError {
		return fromHuma(nil, status, message, details...)
	}
	huma.ValidateStrictCasing = true       // "Text" is not "text"
	huma.DefaultArrayNullable = false      // an empty list is []
	humagin.MultipartMaxMemory = largeBody // what people send is never written to temporary files
}

// New builds the counter: every route of the table, and answers in the same
// form for whatever is no route.
func New(config Config) http.Handler {
	rate, lodging := config.PublicRate, config.PublicRate
	if config.PublicBurst == 0 {
		rate, lodging, config.PublicBurst = usualRate, lodgingRate, usualBurst
	}
	c := &counter{
		Config:        config,
		limits:        newLimiter(rate, config.PublicBurst),
		lodgings:      newLimiter(lodging, config.PublicBurst),
		wrongTokens:   newGuesses("token", wrongTokenRate, wrongTokenBurst),
		wrongSessions: newGuesses("session", wrongTokenRate, wrongTokenBurst),
		wrongCodes:    newGuesses("receipt_code", wrongCodeRate, wrongCodeBurst),
		sessions:      newSessions(config.PublicURL),
		room:          newRoom(cmp.Or(config.LargeBodies, usualRoom)),
		ready:         &lately{},
		figures:       newFigures(config.Registry),
	}
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.RedirectTrailingSlash = false
	engine.Use(c.observe, c.recoverPanics, c.protect)
	engine.NoRoute(func(g *gin.Context) { nothingHere().write(g) })
	engine.NoMethod(func(g *gin.Context) {
		newProblem(http.StatusMethodNotAllowed, "method_not_allowed", "This address does not take that method.").write(g)
	})
	routes := humagin.New(engine, c.settings())
	c.form = newForm(routes.OpenAPI().Components.Schemas)
	for _, group := range c.table() {
		for _, r := range group.routes {
			r.register(c, routes, c.operation(group, r))
		}
	}
	c.description = c.describeAll(routes.OpenAPI())
	learnNames(routes.OpenAPI())
	return engine
}

// settings are huma's: strict about what comes in, and without pages of its own.
func (c *counter) settings() huma.Config {
	settings := huma.DefaultConfig("Complaint procedure of "+c.Organisation.Service.In("en"), c.Version)
	settings.Info.Description = "Days are calendar days in Brussels, moments carry their offset. " +
		"In a request null says the same as leaving a field out. " +
		"After a 503 it is not known whether a command was taken: sent again under the same Idempotency-Key it is carried out once, " +
		"without a key a lodging may become a second complaint. A lodging that is the first answer again says so with the header Idempotent-Replayed: true."
	settings.OpenAPIPath, settings.DocsPath, settings.SchemasPath = "", "", ""
	settings.CreateHooks = nil
	settings.RejectUnknownQueryParameters = true
	settings.Transformers = []huma.Transformer{present}
	format := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshal}
	settings.Formats = map[string]huma.Format{"application/json": format, "json": format} // the latter: +json
	settings.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer"},
		"session": {Type: "apiKey", In: "cookie", Name: c.sessions.session},
	}
	shape(settings.Components.Schemas)
	return settings
}

func (c *counter) describeAll(document *huma.OpenAPI) []byte {
	content, err := json.Marshal(document)
	if err != nil {
		panic(err) // a table that cannot be described is a mistake in this package
	}
	return content
}

// protect sets the headers of every answer: it is data, for nobody to keep, to
// frame or to take for something else.
func (c *counter) protect(g *gin.Context) {
	for name, value := range map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Cache-Control":                "no-store",
		"Content-Security-Policy":      "default-src 'none'; frame-ancestors 'none'; sandbox",
		"X-Frame-Options":              "DENY",
		"Referrer-Policy":              "no-referrer",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
	} {
		g.Header(name, value)
	}
	if c.sessions.secure { // for a year, browsers come back under https only
		g.Header("Strict-Transport-Security", "max-age=31536000")
	}
	query, err := url.ParseQuery(g.Request.URL.RawQuery)
	switch {
	case !storable(g.Request.URL.Path):
		nothingHere().write(g)
	case err != nil:
		invalid(complaint.FieldError{Location: "query", Message: "is not a query"}).write(g)
	case !storableQuery(query):
		invalid(complaint.FieldError{Location: "query", Message: errUnstorable.Error()}).write(g)
	}
}
