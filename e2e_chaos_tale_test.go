package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"ombudsdienst/internal/complaint"
)

// tale is the course of one complaint, and what its people were promised: the
// number and each accepted command. It stops at the first thing that goes
// otherwise than people may expect.
type tale struct {
	*chaos
	id     int
	kind   string
	chance *rand.Rand
	today  complaint.Day

	number, receipt string
	promised        map[string]int // events of accepted commands
	ends            string         // result, or "open"; of a privacy file after a slash
	steps           int
	wrong           string // what went wrong
}

// tell lets people come with complaints, some at a time.
func (c *chaos) tell(complaints int) {
	order := rand.New(rand.NewPCG(c.seed, 2))
	var people sync.WaitGroup
	places := make(chan struct{}, chaosPeople)
	var kinds []string
	for id := range complaints {
		if len(kinds) == 0 { // each kind once before one comes again
			kinds = storyNames()
			order.Shuffle(len(kinds), func(i, j int) { kinds[i], kinds[j] = kinds[j], kinds[i] })
		}
		t := &tale{
			chaos: c, id: id, kind: kinds[0], chance: rand.New(rand.NewPCG(c.seed, uint64(id)+100)),
			today: complaint.DayOf(time.Now()), promised: map[string]int{},
		}
		kinds = kinds[1:]
		c.tales = append(c.tales, t)
		places <- struct{}{}
		people.Go(func() {
			stories[t.kind](t)
			c.ended.Add(1)
			<-places
		})
	}
	people.Wait()
}

func storyNames() []string {
	var names []string
	for name := range stories {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func (t *tale) fails(format string, args ...any) {
	if t.wrong == "" {
		t.wrong = fmt.Sprintf("%s (%s, complaint %d): ", t.number, t.kind, t.id) + fmt.Sprintf(format, args...)
	}
}

// tries gives a command that may be refused as not allowed now.
func (t *tale) tries(event, path, who string, body map[string]any) (bool, map[string]any) {
	if t.wrong != "" {
		return false, nil
	}
	t.steps++
	code, answer := t.client.ask(http.MethodPost, path, who, fmt.Sprintf("%d-%d-%d", t.seed, t.id, t.steps), body)
	switch code {
	case http.StatusCreated, http.StatusAccepted:
		t.promised[event]++
		return true, answer
	case http.StatusConflict:
	default:
		t.fails("%s answers %d %v", path, code, answer)
	}
	return false, answer
}

// does gives a command that has to be accepted.
func (t *tale) does(event, path, who string, body map[string]any) map[string]any {
	ok, answer := t.tries(event, path, who, body)
	if !ok {
		t.fails("%s is refused: %v", path, answer)
		return map[string]any{}
	}
	return answer
}

func (t *tale) onFile(event, command string, body map[string]any) {
	t.does(event, "/complaints/"+t.number+command, "ombuds", body)
}

// marker is in the text of this complaint and of no other.
func (t *tale) marker() string { return fmt.Sprintf("verhaal-%d-%d-einde", t.seed, t.id) }

// letter is what this complainant writes, by e-mail or by post.
func (t *tale) letter(intake string, by complaint.Channel) map[string]any {
	return map[string]any{
		"intake": intake, "language": []string{"nl", "fr", "de", "en"}[t.chance.IntN(4)], "reply_by": by,
		"complainant": map[string]any{
			"type": "person", "name": fmt.Sprintf("Verhaal %d Verzonnen", t.id), "street": fmt.Sprintf("Fictiestraat %d", t.id),
			"postcode": "1080", "city": "Sint-Jans-Molenbeek", "email": fmt.Sprintf("verhaal-%d@example.org", t.id),
		},
		"facts_on": t.today.AddDays(-60), "department": "GEZONDHEIDSZORGEN",
		"topic": "Terugbetaling laat op zich wachten", "text": "Nog altijd niet betaald: " + t.marker(),
	}
}

// lodge brings the letter; whoever of the staff types it in says when it came.
func (t *tale) lodge(who string, letter map[string]any) {
	answer := t.does("received", "/submissions", who, letter)
	t.number, _ = answer["number"].(string)
	t.receipt, _ = answer["receipt_code"].(string)
}

// fromStaff is a letter that intake typed in, so many days after it came.
func (t *tale) fromStaff(intake string, by complaint.Channel, days int) map[string]any {
	letter := t.letter(intake, by)
	letter["received_at"] = time.Now().AddDate(0, 0, -days).Format(time.RFC3339)
	letter["facts_on"] = t.today.AddDays(-days - 30)
	return letter
}

// until looks at a file until something holds of it.
func (t *tale) until(path, who, what string, holds func(map[string]any) bool) map[string]any {
	pause := 100 * time.Millisecond
	for end := time.Now().Add(chaosPatience()); t.wrong == ""; pause = min(2*pause, 2*time.Second) {
		code, file := t.client.ask(http.MethodGet, path, who, "", nil)
		if code == http.StatusOK && holds(file) {
			return file
		}
		if code != http.StatusOK || time.Now().After(end) {
			t.fails("never reaches %s: %d, stage %v, waiting for %v", what, code, file["stage"], file["waiting_for"])
		}
		time.Sleep(pause)
	}
	return map[string]any{}
}

func (t *tale) reaches(stage, waiting string) map[string]any {
	return t.until("/complaints/"+t.number, "ombuds", stage+" "+waiting, func(file map[string]any) bool {
		return file["stage"] == stage && file["waiting_for"] == waiting
	})
}

// closes waits for the end, and keeps with which result it has to be.
func (t *tale) closes(result string) {
	t.until("/complaints/"+t.number, "ombuds", "its end", func(file map[string]any) bool { return file["stage"] == "closed" })
	t.ends = result
}

// asks puts a question to a department; what comes next does not wait for it to
// reach the procedure, or does, as it happens.
func (t *tale) asks(department string) int64 {
	answer := t.does("department_asked", "/complaints/"+t.number+"/consultations", "ombuds",
		map[string]any{"department": department, "question": "Waar blijft het? " + t.marker()})
	id, _ := answer["id"].(float64)
	if t.chance.IntN(2) == 0 {
		t.until("/complaints/"+t.number, "ombuds", "the question", func(file map[string]any) bool {
			return strings.HasPrefix(fmt.Sprint(file["waiting_for"]), "department:")
		})
	}
	return int64(id)
}

func (t *tale) answers(id int64, department string) {
	t.does("department_answered", fmt.Sprint("/consultations/", id, "/answer"), handlerOf(department),
		map[string]any{"answer": "Teruggevonden. " + t.marker()})
}

func (t *tale) decides(changes map[string]any) {
	body := outcomeBody()
	if t.chance.IntN(2) == 0 {
		delete(body, "recommendations")
	}
	for name, value := range changes {
		body[name] = value
	}
	t.onFile("outcome_decided", "/outcome", body)
}
