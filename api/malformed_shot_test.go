package api_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
)

// shot is one malformed request, as its bytes go over the wire.
type shot struct {
	why     string
	method  string
	bytes   []byte
	marker  string // must not come back
	mayPass bool   // it may happen to be allowed: it asks for nothing that is written
	ends    bool   // the sender says no more after it
}

// described is one operation of the description.
type described struct {
	method, path string
	roles        []string
	parameters   []any
	body         map[string]any // by media type
}

// gun makes shots from a description; the same seed and place, the same shot.
type gun struct {
	seed   uint64
	named  map[string]any
	routes []described
	tokens map[string]string // by role, and of people who may not come in any more
	known  map[string][]string
}

// aim is a shot in the making.
type aim struct {
	*gun
	described
	schemas
	headers []string
}

func (g *gun) shot(place int) shot {
	chance := rand.New(rand.NewPCG(g.seed, uint64(place)))
	a := &aim{gun: g, described: g.routes[chance.IntN(len(g.routes))]}
	a.schemas = schemas{named: g.named, chance: chance, raws: map[string]string{}, marker: fmt.Sprintf("zq%08x%04xqz", chance.Uint32(), place&0xffff)}
	kinds := everyRoute
	if a.method == "POST" {
		kinds = slices.Concat(everyRoute, commandsOnly, commandsOnly)
	}
	name := kinds[chance.IntN(len(kinds))]
	s := malformations[name](a)
	s.why, s.marker = name, a.marker
	return s
}

var everyRoute = []string{"a wrong method", "a wrong path", "a wrong identifier", "a wrong query", "a wrong token", "another role", "a long header"}

var commandsOnly = []string{"a spoiled body", "a spoiled body", "a spoiled body", "rubbish", "another type", "a coding", "a bad key", "a body cut off", "bad chunks", "a bad form"}

var malformations = map[string]func(*aim) shot{
	"a wrong method": func(a *aim) shot {
		methods := []string{"PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "get", strings.ToUpper(a.marker)}
		a.method = a.pick(slices.DeleteFunc(methods, func(m string) bool {
			return slices.ContainsFunc(a.routes, func(r described) bool { return r.path == a.path && r.method == m })
		}))
		return a.send(a.target(), "")
	},
	"a wrong path": func(a *aim) shot {
		ending := a.pick([]string{"/", "/%00", "//", "/../" + a.marker, "/" + a.marker, "%2f" + a.marker, "/%ff%fe" + a.marker, ";" + a.marker, strings.Repeat("/"+a.marker, 50), "%C0%AF" + a.marker, "'--" + a.marker})
		s := a.send(a.target()+ending, a.wholeBody())
		s.mayPass = a.body == nil
		return s
	},
	"a wrong identifier": func(a *aim) shot {
		if !strings.Contains(a.path, "{") {
			return a.wrongQuery()
		}
		wrong := a.pick([]string{"0", "-1", "2026-999999", "99999999999999999999", "9223372036854775807", "1e3", "%00", "%ff", "%20", "2026-00001", "0x1",
			a.marker, a.marker + "%0d%0aX-Injected:1", strings.Repeat(a.marker, 40), "..", "%2e%2e%2f", "complaint-2026-999999", "%F0%9F%92%A3"})
		path := a.path
		for strings.Contains(path, "{") {
			before, rest, _ := strings.Cut(path, "{")
			_, after, _ := strings.Cut(rest, "}")
			path = before + wrong + after
		}
		s := a.send(path, a.wholeBody())
		s.mayPass = a.body == nil
		return s
	},
	"a wrong query": (*aim).wrongQuery,
	"a wrong token": (*aim).wrongToken,
	"another role": func(a *aim) shot {
		others := slices.DeleteFunc(slices.Clone(callers), func(role string) bool { return slices.Contains(a.roles, role) })
		if len(others) == 0 {
			return a.wrongToken()
		}
		s := a.sendAs(a.pick(others), a.target(), a.wholeBody())
		return s
	},
	"a long header": func(a *aim) shot {
		a.headers = append(a.headers, a.pick([]string{"X-Long", "Cookie", "Idempotency-Key", "Accept", "Content-Type", "X-Request-ID"})+": "+strings.Repeat(a.marker, a.one(20, 200, 1500).(int)))
		s := a.send(a.target(), a.spoiledBody())
		s.mayPass = a.body == nil
		return s
	},
	"a spoiled body": func(a *aim) shot { return a.send(a.target(), a.spoiledBody()) },
	"rubbish": func(a *aim) shot {
		return a.send(a.target(), a.pick([]string{"", " ", "{", "}", "[]", "null", "0", `""`, `"` + a.marker + `"`, "{}{}", "\xff\xfe" + a.marker, "\x00", `{"a":}`,
			"<" + a.marker + "/>", `{"\u0000": 1}`, strings.Repeat("[", 20_000), strings.Repeat(`{"a":`, 12_000), `{"` + a.marker + `": NaN}`, "\ufeff" + a.wholeBody(),
			a.wholeBody() + a.marker, a.wholeBody() + "]", "//" + a.marker + "\n" + a.wholeBody(), strings.Repeat(a.marker, 80_000)}))
	},
	"another type": func(a *aim) shot {
		a.headers = append(a.headers, "Content-Type: "+a.pick([]string{"text/plain", "application/xml", "application/x-www-form-urlencoded", a.marker, "application/json; charset=utf-16",
			"application/json; charset=" + a.marker, "application/json; charset", "application/" + a.marker + "+json", "", "application/json, text/html", "multipart/form-data", "multipart/mixed; boundary=" + a.marker}))
		return a.send(a.target(), a.wholeBody())
	},
	"a coding": func(a *aim) shot {
		coding := a.pick([]string{"gzip", "deflate", "br", a.marker, "gzip, gzip", "compress"})
		a.headers = append(a.headers, "Content-Encoding: "+coding)
		body := a.wholeBody()
		if coding == "gzip" && a.chance.IntN(2) == 0 {
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, _ = io.WriteString(w, body) // memory takes it
			_ = w.Close()
			body = packed.String()
		}
		return a.send(a.target(), body)
	},
	"a bad key": func(a *aim) shot {
		a.headers = append(a.headers, "Idempotency-Key: "+a.pick([]string{a.marker + " " + a.marker, "é" + a.marker, strings.Repeat(a.marker, 20), "\xff" + a.marker, a.marker + "\x01", a.marker + "\t" + a.marker}))
		return a.send(a.target(), a.wholeBody())
	},
	"a body cut off": func(a *aim) shot {
		body := a.wholeBody()
		s := a.write(a.roles[0], a.target(), []string{fmt.Sprintf("Content-Length: %d", len(body)+1+a.chance.IntN(500))}, body)
		s.ends = true
		return s
	},
	"bad chunks": func(a *aim) shot {
		body := a.wholeBody()
		chunks := a.pick([]string{"zz\r\n" + body, "-1\r\n" + body, "ffffffffffffffff\r\n" + body, "5\r\nabc", fmt.Sprintf("%x\r\n%s", len(body), body),
			fmt.Sprintf("%x\r\n%sX0\r\n\r\n", len(body), body), "0x10\r\n" + a.marker, strings.Repeat("0", 5000) + "\r\n", "\r\n\r\n", a.marker + "\r\n"})
		s := a.write(a.roles[0], a.target(), []string{"Transfer-Encoding: chunked"}, chunks)
		s.ends = true
		return s
	},
	"a bad form": (*aim).badForm,
}

func (a *aim) wrongQuery() shot {
	s := a.send(a.target()+"?"+a.badQuery(), a.spoiledBody())
	s.mayPass = a.body == nil
	return s
}

func (a *aim) wrongToken() shot {
	a.headers = append(a.headers, "Authorization: "+a.pick([]string{"Bearer " + a.marker, "Bearer", "Bearer ", "Basic " + a.marker, a.marker, "Bearer \xff\xfe" + a.marker,
		"Bearer " + strings.Repeat(a.marker, 300), "Bearer " + a.tokens["expired"], "Bearer " + a.tokens["revoked"], "Bearer  " + a.marker + " " + a.marker}))
	s := a.sendAs("", a.target(), a.wholeBody())
	s.mayPass = probes[a.method+" "+a.path]
	return s
}

// target is the address of the route about things that exist.
func (a *aim) target() string {
	path := a.path
	for strings.Contains(path, "{") {
		before, rest, _ := strings.Cut(path, "{")
		name, after, _ := strings.Cut(rest, "}")
		known := a.known[name]
		if len(known) == 0 {
			known = []string{"1"}
		}
		path = before + a.pick(known) + after
	}
	return path
}

func (a *aim) jsonSchema() map[string]any { return sub(sub(a.body, "application/json"), "schema") }

func (a *aim) wholeBody() string {
	if a.method != "POST" || a.jsonSchema() == nil {
		return ""
	}
	return a.schemas.write(a.whole(a.jsonSchema()))
}

func (a *aim) spoiledBody() string {
	if a.method != "POST" || a.jsonSchema() == nil {
		return ""
	}
	return a.schemas.write(a.spoiled(a.jsonSchema()))
}

// badQuery gives parameters what they do not take, or gives some that nobody knows.
func (a *aim) badQuery() string {
	name := a.marker
	if len(a.parameters) > 0 && a.chance.IntN(4) > 0 {
		parameter, _ := a.parameters[a.chance.IntN(len(a.parameters))].(map[string]any)
		name, _ = parameter["name"].(string)
	}
	value := a.pick([]string{a.marker, url.QueryEscape("' OR 1=1 --" + a.marker), "%00" + a.marker, "%ff%fe" + a.marker, "%zz" + a.marker, "-1", "0", "201", "99999999999999999999", "1e400", "1.5", "",
		"2026-02-30", "0000-00-00", "99999-01-01", "2026-02-20T10:00:00", "9999-12-31T23:59:59%2B14:00", "true%20", strings.Repeat(a.marker, 100), "%F0%9F%92%A9", "%E2%80%AE" + a.marker,
		base64.RawURLEncoding.EncodeToString([]byte(a.marker)), base64.RawURLEncoding.EncodeToString([]byte(`"` + "\\u0000" + a.marker + `"`)), base64.RawURLEncoding.EncodeToString([]byte(`{"a":[` + a.marker)),
		base64.RawURLEncoding.EncodeToString([]byte(`-9223372036854775809`)), base64.RawURLEncoding.EncodeToString([]byte(`["2026-01-01","` + a.marker + `"]`))})
	query := name + "=" + value
	if a.chance.IntN(4) == 0 {
		query += a.pick([]string{"&" + query, ";x=1", "&&&", "&=" + a.marker, "&%"})
	}
	return query
}

// badForm is a form that breaks its own rules, or those of what it is about.
func (a *aim) badForm() shot {
	line := a.marker
	part := func(headers, content string) string {
		return "--" + line + "\r\n" + headers + "\r\n\r\n" + content + "\r\n"
	}
	field := func(name, value string) string { return part(`Content-Disposition: form-data; name="`+name+`"`, value) }
	base := field("intake", "web_form") + field("language", "nl") + field("text", "Te laat.")
	end := "--" + line + "--\r\n"
	named := field("complainant.name", "Jan") + field("complainant.email", "jan@voorbeeld.example")
	whole := base + named
	body := a.pick([]string{
		"", line, whole, whole + "--" + line, field("intake", "web_form") + end, whole + field(a.marker, "1") + end, whole + field("intake", "post") + end,
		whole + field("facts_on", a.marker) + end, whole + field("topic", "\x00"+a.marker) + end, whole + field("topic", "\xff"+a.marker) + end,
		whole + part(`Content-Disposition: form-data; name="`+a.marker+`"; filename="a.pdf"`, "%PDF-") + end,
		whole + part(`Content-Disposition: form-data; name="attachments"; filename="`+"\xff"+`.pdf"`, "%PDF-") + end,
		whole + part("Content-Disposition: form-data; name=\"attachments\"; filename=\"a/"+a.marker+"\r\n.pdf\"", "%PDF-") + end,
		whole + part(`Content-Disposition: form-data; name="attachments"; filename="leeg.pdf"`, "") + end,
		whole + part(a.marker, "x") + end, whole + strings.Repeat(field("initiatives.on", "2026-02-20"), 1200) + end,
		whole + field("initiatives.on", a.marker) + end, whole + field("complainant", a.marker) + end, whole + field("complainant.name.first", a.marker) + end,
		whole + part("X: "+strings.Repeat(a.marker, 5000), "x") + field(a.marker, "1") + end, field("text", strings.Repeat("é", 60_000)) + named + end,
	})
	kind := a.pick([]string{"multipart/form-data; boundary=" + line, "multipart/form-data; boundary=" + line, "multipart/form-data; boundary=other", "multipart/form-data; boundary=", "multipart/form-data"})
	a.headers = append(a.headers, "Content-Type: "+kind)
	if a.body["multipart/form-data"] == nil { // a form where none is taken
		return a.send(a.target(), whole+end)
	}
	return a.send(a.target(), body)
}

func (a *aim) send(target, body string) shot {
	return a.sendAs(a.roles[a.chance.IntN(len(a.roles))], target, body)
}

func (a *aim) sendAs(role, target, body string) shot {
	return a.write(role, target, []string{fmt.Sprintf("Content-Length: %d", len(body))}, body)
}

// write puts the bytes together; what a header says twice is said first by the
// malformation.
func (a *aim) write(role, target string, length []string, body string) shot {
	lines := slices.Concat([]string{a.method + " " + target + " HTTP/1.1", "Host: klacht.example"}, a.headers, length)
	said := func(name string) bool {
		return slices.ContainsFunc(a.headers, func(h string) bool { return strings.HasPrefix(h, name+":") })
	}
	if !said("Content-Type") && body != "" {
		lines = append(lines, "Content-Type: application/json")
	}
	if token := a.tokens[role]; token != "" && !said("Authorization") {
		lines = append(lines, "Authorization: Bearer "+token)
	}
	return shot{method: a.method, bytes: []byte(strings.Join(lines, "\r\n") + "\r\n\r\n" + body)}
}

// routesOf reads the operations of a description, in an order that stays.
func routesOf(document map[string]any) []described {
	var routes []described
	paths := sub(document, "paths")
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		operations := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(operations)) {
			op := operations[method].(map[string]any)
			r := described{method: strings.ToUpper(method), path: path, body: sub(sub(op, "requestBody"), "content")}
			for _, role := range list(op, "x-roles") {
				r.roles = append(r.roles, role.(string))
			}
			for _, parameter := range list(op, "parameters") {
				if p := parameter.(map[string]any); p["in"] == "query" {
					r.parameters = append(r.parameters, p)
				}
			}
			routes = append(routes, r)
		}
	}
	return routes
}
