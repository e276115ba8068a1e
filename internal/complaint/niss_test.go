package complaint_test

import (
	"encoding/csv"
	"os"
	"testing"
	"time"

	"ombudsdienst/internal/complaint"
)

func TestNISSFollowsItsCheckDigitsDateAndSerial(t *testing.T) {
	file, err := os.Open("testdata/niss_vectors.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	today := complaint.NewDay(2026, time.November, 22)
	for _, row := range rows[1:] {
		id, number, formatted, valid := row[0], row[1], row[2], row[3] == "valid"
		for _, text := range []string{number, formatted} {
			if text == "" {
				continue
			}
			digits, err := complaint.ParseNISS(text, today)
			if (err == nil) != valid {
				t.Errorf("%s %s: want valid %v, got %v", id, text, valid, err)
			}
			if valid && digits != number {
				t.Errorf("%s: want the digits %s, got %s", id, number, digits)
			}
		}
	}
}

func TestNISSOfABirthAfterTodayIsRefused(t *testing.T) {
	const born30September2012 = "12093098511"
	if _, err := complaint.ParseNISS(born30September2012, complaint.NewDay(2012, time.September, 29)); err == nil {
		t.Error("a birth after today was accepted")
	}
}
