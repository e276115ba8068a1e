package complaint

// ScanState is what a virus scanner said of a document.
type ScanState string

// The states.
const (
	ScanUnscanned ScanState = "unscanned" // not yet, or there is no scanner
	ScanClean     ScanState = "clean"
	ScanInfected  ScanState = "infected" // kept, and shown to nobody
)
