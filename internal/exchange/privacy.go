package exchange

import "regexp"

// What a clerk ticks "concerns personal data" for. The letter's topic is the
// clerk's own reading of what it is about in the main, so where there is one it
// decides: a letter on a late payment that mentions data in passing stays with
// the ombuds service. A letter without a topic is read for the words by which
// people complain about their data in the four languages.
var (
	privacyTopic = regexp.MustCompile(`(?i)data|privacy|gdpr|confidential|disclos|leak|breach|erasure|` +
		`(access|rectification|deletion)_request|(file|record)s?_access|wrong_recipient`)

	privacyText = regexp.MustCompile(`(?i)privacy|\b(gdpr|avg|rgpd|dsgvo)\b|` +
		`persoonsgegevens|gezondheidsgegevens|datalek|gegevensbescherming|beroepsgeheim|` +
		`données (personnelles|à caractère personnel|de santé)|fuite de données|vie privée|secret (médical|professionnel)|` +
		`datenschutz|personenbezogene|gesundheitsdaten|datenpanne|datenleck|schweigepflicht|` +
		`personal data|health data|data (breach|leak|protection)|professional secrecy`)
)

// concernsPrivacy is what the clerk would tick.
func (l letter) concernsPrivacy() bool {
	if l.Topic != "" {
		return privacyTopic.MatchString(l.Topic)
	}
	return privacyText.MatchString(l.Text)
}
