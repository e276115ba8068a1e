package complaint

// Tells says whom an event of the watch concerns within the ombuds service: who
// is in charge of the case, the supervisors, or both. Warnings go to the officer
// first, the last one to the supervisors too.
func (e WatchEvent) Tells() (officer, supervisors bool) {
	switch e.Kind {
	case WatchWarned:
		return true, e.Last
	case WatchOverdue, WatchStillOverdue, WatchRefusalLate, WatchAcknowledgementAlarm:
		return true, true
	case WatchLetterFailed:
		return true, true
	case WatchAcknowledgementLate, WatchLettersHeld:
		return false, true
	case WatchMissingEnded, WatchServiceReturned, WatchServiceReported, WatchAttachmentInfected:
		return true, false
	}
	return false, false
}
