package complaint

// Contradiction says in English words what in a submission contradicts a refusal
// on a ground; empty when nothing does. A refusal states facts to the
// complainant, so it may not state what the file shows to be untrue.
func Contradiction(s Submission, ground Ground) string {
	switch ground {
	case Anonymous:
		if s.Complainant.Name != "" && s.Correspondent().Channel != "" {
			return "a name and a way to answer are known"
		}
	case TooOldNoInitiative:
		finding, settled := assessAge(s, DayOf(s.ReceivedAt))
		switch {
		case settled && finding.Judgement == FindInadmissible:
		case s.factsDay().IsZero():
			return "the day of the facts is not known: it has to be asked first"
		default:
			return "the facts are not more than a year old, or a step since then is known"
		}
	}
	return ""
}
