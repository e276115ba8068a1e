package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"

	"ombudsdienst/internal/complaint"
	"ombudsdienst/workflows"
)

// What people write in this story. Every text holds one of these.
const (
	mark     = "xylokwark"   // in names, texts, reasons, answers, file names and mail addresses
	markNISS = "94051199802" // identification number
	markTel  = "0499555123"
)

// TestNoPersonalDataLeavesTheRegister plays a story in which all that people write
// is marked, the mail server's refusals included, and looks for the marks in
// everything that is not the register nor a letter: the whole of Temporal's
// database, all that the processes print at their most talkative, the figures,
// and the names of files.
func TestNoPersonalDataLeavesTheRegister(t *testing.T) {
	t.Parallel()
	s := newStack(t)
	s.smtp = refusingMailServer(t)
	s.startAs("api", []string{"api"}, changeVariable+"="+talkative)
	s.startAs("worker", []string{"worker"}, changeVariable+"="+talkative)
	numbers := s.markedStory()

	var refused int
	require.NoError(t, s.db.Get(&refused, `SELECT count(*) FROM letters WHERE last_error_code IS NOT NULL`))
	require.NotZero(t, refused, "the mail server refused letters")
	schedule := s.temporal.ScheduleClient().GetHandle(t.Context(), workflows.VerificationSchedule)
	s.eventually(func() bool { return schedule.Trigger(t.Context(), client.ScheduleTriggerOptions{}) == nil }, "the nightly verification is scheduled")
	s.eventually(func() bool {
		var ended int
		require.NoError(t, s.db.Get(&ended, `SELECT count(*) FROM verifications WHERE ended_at IS NOT NULL`))
		return ended > 0
	}, "the nightly verification ends")
	answer, err := http.Get("http://" + s.address + "/metrics")
	require.NoError(t, err)
	defer answer.Body.Close()
	figures, err := io.ReadAll(answer.Body)
	require.NoError(t, err)

	places := map[string][]byte{"metrics": figures}
	for part, p := range s.processes {
		places["what "+part+" printed"] = []byte(p.output.String())
	}
	for _, pattern := range []string{"temporal.db*", "temporal.log"} {
		files, err := filepath.Glob(s.folder.Path(pattern))
		require.NoError(t, err)
		require.NotEmpty(t, files)
		for _, file := range files {
			content, err := os.ReadFile(file)
			require.NoError(t, err)
			places[filepath.Base(file)] = content
		}
	}
	places["names of files"] = namesUnder(t, s.folder.Path("data"))
	for _, secret := range []string{mark, markNISS, "94.05.11-998.02", markTel} {
		for place, content := range places {
			if how := finds(content, secret); how != "" {
				t.Errorf("%s holds %s (%s)", place, secret, how)
			}
		}
	}
	// The search finds what is there: numbers are, and a text that is planted.
	all := bytes.Join([][]byte{places["temporal.db"], places["temporal.db-wal"]}, nil)
	for _, number := range numbers {
		require.NotEmpty(t, finds(all, number), "%s is not found in Temporal's database", number)
	}
	s.plant(t)
	require.Contains(t, s.verify(), "all is well")
}

// plant lets a text into Temporal and looks until the search finds it.
func (s *stack) plant(t *testing.T) {
	_, err := s.temporal.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{ID: "plant", TaskQueue: "nobody"},
		"Plant", map[string]string{"text": "geplante kiekeboe"})
	require.NoError(t, err)
	s.eventually(func() bool {
		for _, name := range []string{"temporal.db", "temporal.db-wal"} {
			content, err := os.ReadFile(s.folder.Path(name))
			if err == nil && finds(content, "kiekeboe") != "" {
				return true
			}
		}
		return false
	}, "the planted text is found")
	require.NoError(t, s.temporal.TerminateWorkflow(t.Context(), "plant", "", "seen"))
}

// marked is a submission in which everything is marked.
func marked(channel string) map[string]any {
	today := complaint.DayOf(time.Now())
	return map[string]any{
		"intake": "web_form", "language": "nl", "reply_by": channel,
		"complainant": map[string]any{
			"type": "person", "name": "Lotte " + mark, "street": mark + "straat 12", "postcode": "1080", "city": "Sint-" + mark,
			"email": mark + "@example.org", "phone": markTel, "niss": markNISS, "is_member": true, "member_number": mark,
		},
		"facts_on": today.AddDays(-20), "department": "GEZONDHEIDSZORGEN",
		"initiatives": []any{map[string]any{"on": today.AddDays(-2), "how": "phone"}},
		"topic":       mark, "text": "Het gaat over " + mark + ".",
		"attachments": []any{map[string]any{"name": mark + ".txt", "media_type": "text/plain", "content": base64.StdEncoding.EncodeToString([]byte(mark))}},
	}
}

// markedStory gives every command that takes words, and answers with the numbers.
func (s *stack) markedStory() []string {
	why := map[string]any{"reasons": "Omdat " + mark}
	with := func(more ...any) map[string]any {
		body := map[string]any{"reasons": "Omdat " + mark}
		for i := 0; i < len(more); i += 2 {
			body[more[i].(string)] = more[i+1]
		}
		return body
	}
	accepted := func(method, path, who string, body any) map[string]any {
		s.t.Helper()
		code, answer := s.call(method, path, who, body)
		require.Less(s.t, code, 300, "%s %s: %v", method, path, answer)
		return answer
	}
	today := complaint.DayOf(time.Now())
	first, receipt := s.lodge("", marked("email"))
	second, _ := s.lodge("intake", marked("post"))
	s.reaches(first, "investigating", "ombuds")
	s.reaches(second, "investigating", "ombuds")
	on := "/complaints/" + first
	accepted("POST", on+"/notes", "ombuds", map[string]any{"text": mark})
	accepted("POST", on+"/links", "ombuds", with("number", second))
	accepted("POST", on+"/documents", "intake", map[string]any{"text": mark})
	accepted("POST", "/status/"+receipt+"/documents", "", map[string]any{"text": mark})
	accepted("POST", on+"/admissibility-warnings", "ombuds", with("ground", "COURT_PENDING"))
	accepted("POST", on+"/assignment", "supervisor", with("officer", "ombuds-2"))
	accepted("POST", on+"/delay-notice", "ombuds", with("new_date", today.AddDays(60)))
	accepted("POST", on+"/receipt-correction", "ombuds", with("received_at", time.Now().AddDate(0, 0, -3).Format(time.RFC3339)))
	accepted("POST", on+"/involved", "ombuds", with("logins", []string{"handler-hospitalisatie"}))
	asked := accepted("POST", on+"/consultations", "ombuds", map[string]any{"department": "HOSPITALISATIE", "question": mark})
	accepted("POST", fmt.Sprintf("/consultations/%.0f/hand-over", asked["id"]), "ombuds", with("department", "GEZONDHEIDSZORGEN"))
	s.reaches(first, "investigating", "department:GEZONDHEIDSZORGEN")
	open := s.must(http.StatusOK, "GET", "/consultations?open=true", "handler-gezondheidszorgen", nil)["items"].([]any)
	accepted("POST", fmt.Sprintf("/consultations/%.0f/answer", open[0].(map[string]any)["id"]), "handler-gezondheidszorgen", map[string]any{
		"answer": mark, "proposed_remedy": mark,
		"attachments": []any{map[string]any{"name": mark + ".txt", "media_type": "text/plain", "content": "eA=="}},
	})
	accepted("POST", on+"/outcome", "ombuds", map[string]any{
		"findings": []any{map[string]any{"point": mark, "verdict": "founded", "reasons": mark}}, "verdict": "founded",
		"resolution": "resolved", "remedy": mark, "recommendations": []any{map[string]any{"department": "GEZONDHEIDSZORGEN", "text": mark}},
	})
	s.mailRoomOf(first)
	s.reaches(first, "closed", "none")
	accepted("POST", on+"/reopening", "ombuds", why)
	s.reaches(first, "investigating", "ombuds")
	accepted("POST", on+"/withdrawal", "ombuds", why)
	accepted("POST", "/complaints/"+second+"/void", "ombuds", why)
	private := marked("post")
	private["concerns_privacy"] = true
	third, _ := s.lodge("", private)
	s.privacyReaches(third, "investigating", "dpo")
	accepted("POST", "/privacy/"+third+"/split", "dpo", with("mixed", false))
	accepted("POST", "/privacy/"+third+"/extension", "dpo", why)
	accepted("POST", "/privacy/"+third+"/answer", "dpo", map[string]any{"answer": mark})
	s.raw("GET", "/complaints?q="+url.QueryEscape(mark), "ombuds", nil)
	s.call("GET", "/complaints/"+mark, "ombuds", nil)
	s.call("GET", "/status/"+mark, "", nil)
	s.privacyReaches(third, "answering", "mail_room")
	return []string{first, second, third}
}

// mailRoomOf posts what lies printed of a case until it is closed.
func (s *stack) mailRoomOf(number string) {
	s.t.Helper()
	s.eventually(func() bool {
		file := s.file(number)
		for _, l := range file["letters"].([]any) {
			letter := l.(map[string]any)
			switch letter["state"] {
			case "failed":
				s.call("POST", fmt.Sprintf("/letters/%.0f/resolution", letter["id"]), "ombuds", map[string]any{"resolution": "left", "reasons": mark})
			case "printed":
				s.call("POST", fmt.Sprintf("/letters/%.0f/dispatch", letter["id"]), "intake", map[string]any{"posted_on": complaint.DayOf(time.Now())})
			}
		}
		return file["stage"] == "closed"
	}, "%s closes once its letters are posted", number)
}

// refusingMailServer refuses every recipient, and quotes the address and more.
func refusingMailServer(t *testing.T) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go refuse(connection)
		}
	}()
	return "smtp://" + listener.Addr().String() + "?starttls=none"
}

func refuse(connection net.Conn) {
	defer connection.Close()
	say := func(line string) { _, _ = fmt.Fprintf(connection, "%s\r\n", line) }
	say("220 mail.example.org")
	for lines := bufio.NewScanner(connection); lines.Scan(); {
		line := lines.Text()
		switch verb, _, _ := strings.Cut(strings.ToUpper(line), " "); verb {
		case "RCPT":
			say("550 5.1.1 " + strings.TrimPrefix(line, "RCPT TO:") + " Lotte " + mark + " is unknown here")
		case "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func namesUnder(t *testing.T, folder string) []byte {
	var names bytes.Buffer
	require.NoError(t, filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		names.WriteString(path + "\n")
		return err
	}))
	return names.Bytes()
}

// finds tells in which form a text stands in some content; empty when in none.
func finds(content []byte, text string) string {
	lower := bytes.ToLower(content)
	for _, form := range [][2]string{ // in this order: a word is the same for an address
		{"plain", text}, {"hexadecimal", hex.EncodeToString([]byte(text))}, {"for an address", url.QueryEscape(text)},
	} {
		if bytes.Contains(lower, []byte(strings.ToLower(form[1]))) {
			return form[0]
		}
	}
	for shift := range 3 { // in base64 a text looks three ways
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			form := encoding.EncodeToString(append(make([]byte, shift), text...))
			if bytes.Contains(content, []byte(form[(shift*8+5)/6:len(form)-1])) {
				return "base64"
			}
		}
	}
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	if bytes.Contains(content, wide) {
		return "UTF-16"
	}
	return ""
}

// TestTheSearchFindsATextInEachForm: else it would prove nothing.
func TestTheSearchFindsATextInEachForm(t *testing.T) {
	t.Parallel()
	for how, content := range map[string]string{
		"plain": "x XyloKwark y", "hexadecimal": hex.EncodeToString([]byte("a xylokwark")),
		"base64": base64.StdEncoding.EncodeToString([]byte(`{"a":"xylokwark."}`)),
		"UTF-16": "x\x00y\x00l\x00o\x00k\x00w\x00a\x00r\x00k\x00",
	} {
		require.Equal(t, how, finds([]byte(content), mark))
	}
	for shift := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("-", shift) + mark + "--"))
		require.Equal(t, "base64", finds([]byte(encoded), mark), encoded)
	}
	require.Empty(t, finds([]byte("nothing of the kind"), mark))
}
