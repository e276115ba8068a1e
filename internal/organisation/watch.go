package organisation

import (
	"maps"
	"slices"

	"ombudsdienst/internal/complaint"
)

// Watch says whom the watch over the term writes to.
type Watch struct {
	List        string             `yaml:"list"`        // shared address of the officers. Left out: the service's own
	Supervisors string             `yaml:"supervisors"` // left out: the service's own
	Officers    map[string]string  `yaml:"officers"`    // login -> own address
	Language    complaint.Language `yaml:"language"`    // of what it writes: nl or fr. Left out: nl
}

// Officer is the address at which an officer is reached: their own, or the
// shared list, which also takes what nobody is in charge of.
func (w Watch) Officer(login string) string {
	if own := w.Officers[login]; own != "" {
		return own
	}
	return w.List
}

// fill completes what a file may leave out.
func (o *Organisation) fill() {
	for _, fill := range []struct {
		field *string
		value string
	}{
		{&o.Offices.OpenAt, "09:00"}, {&o.Watch.List, o.SenderMail}, {&o.Watch.Supervisors, o.SenderMail},
	} {
		if *fill.field == "" {
			*fill.field = fill.value
		}
	}
	o.Letters.fill()
	if o.Watch.Language == "" {
		o.Watch.Language = "nl"
	}
}

func (c *checker) watch(p path, w Watch) {
	c.mail(p.to("list"), w.List)
	c.mail(p.to("supervisors"), w.Supervisors)
	for _, login := range slices.Sorted(maps.Keys(w.Officers)) {
		c.mail(p.to("officers", login), w.Officers[login])
	}
	if w.Language != "nl" && w.Language != "fr" {
		c.wrong(p.to("language"), "messages to staff are in nl or fr")
	}
}
