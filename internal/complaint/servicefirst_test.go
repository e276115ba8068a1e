package complaint

import "testing"

func TestTheServiceIsTriedFirstOnceAndWithTimeLeft(t *testing.T) {
	today, last := june(8), june(30)
	for _, c := range []struct {
		name     string
		prior    *PriorContact
		before   *ServiceFirst
		asked    []Consultation
		returnOn Day
		lastDay  Day
		want     string
	}{
		{"nobody asked the service", nil, nil, nil, june(15), last, ""},
		{"a contact of which nothing is known", &PriorContact{How: " "}, nil, nil, june(15), last, ""},
		{"a department has answered already", nil, nil, []Consultation{{State: ConsultationAnswered}}, june(15), last, ""},
		{"back on the day before the last", nil, nil, nil, june(29), last, ""},
		{"the complainant asked the service on a day", &PriorContact{On: june(1)}, nil, nil, june(15), last, "service_contacted"},
		{"the complainant asked the service in some way", &PriorContact{How: "phone"}, nil, nil, june(15), last, "service_contacted"},
		{"it was there before", nil, &ServiceFirst{Department: "POST"}, nil, june(15), last, "service_first_before"},
		{"a department owes an answer", nil, nil, []Consultation{{State: ConsultationOpen}}, june(15), last, "consultations_open"},
		{"back today", nil, nil, nil, june(8), last, "invalid"},
		{"back on the last day", nil, nil, nil, june(30), last, "invalid"},
		{"the last day is today", nil, nil, nil, june(9), june(8), "no_time_for_service"},
		{"no term runs", nil, nil, nil, june(15), Day{}, "no_time_for_service"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := codeOf(MayGoToServiceFirst(c.prior, c.before, c.asked, today, c.returnOn, c.lastDay)); got != c.want {
				t.Errorf("refused with %q, want %q", got, c.want)
			}
		})
	}
}
