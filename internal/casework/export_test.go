package casework

// MostWaiting is how many requests may wait to be lodged.
const MostWaiting = mostWaiting

// Waiting counts the requests that wait to be lodged, without those that are
// being stored.
func (d *Desk) Waiting() int {
	d.gatherer.mu.Lock()
	defer d.gatherer.mu.Unlock()
	return len(d.gatherer.waiting)
}

// Storing tells whether something is being stored.
func (d *Desk) Storing() bool {
	d.gatherer.mu.Lock()
	defer d.gatherer.mu.Unlock()
	return d.gatherer.storing
}

// NewReceiptCode makes a receipt code.
func NewReceiptCode() string { return newReceiptCode() }
