package sampledata

import "strings"

// First and last names by region. They are common, so that two people can
// share one, as they do in a CRM.
var firstNames = map[string][]string{
	dach:    {"Anna", "Lukas", "Katrin", "Jonas", "Sabine", "Felix", "Miriam", "Stefan", "Heike", "Tobias", "Claudia", "Moritz", "Petra", "Jan", "Ute", "Florian", "Birgit", "Matthias", "Silke", "Andreas", "Franziska", "Dirk", "Nadine", "Ralf"},
	nordics: {"Astrid", "Erik", "Ingrid", "Lars", "Maja", "Oskar", "Freja", "Nils", "Sofia", "Anders", "Elin", "Gustav", "Karin", "Mikkel", "Liv", "Henrik", "Tuva", "Axel", "Signe", "Jonas", "Hanna", "Rasmus", "Ida", "Sven"},
	america: {"Emily", "James", "Maria", "David", "Karen", "Michael", "Laura", "Robert", "Angela", "Daniel", "Susan", "Kevin", "Nicole", "Brian", "Rachel", "Carlos", "Megan", "Anthony", "Dana", "Marcus", "Alicia", "Greg", "Yolanda", "Peter"},
}

var lastNames = map[string][]string{
	dach:    {"Brandt", "Keller", "Hofmann", "Vogel", "Schuster", "Lindner", "Arnold", "Peters", "Seidel", "Graf", "Dietrich", "Ziegler", "Kuhn", "Pohl", "Engel", "Winter", "Haas", "Bergmann", "Sommer", "Franke", "Busch", "Ebert", "Reuter", "Thiel", "Baumann", "Ludwig"},
	nordics: {"Lindqvist", "Berg", "Nyström", "Holm", "Sandberg", "Dahl", "Ekström", "Lund", "Hagen", "Wallin", "Strand", "Forsberg", "Hedlund", "Solberg", "Åkesson", "Nygaard", "Björk", "Falk", "Kjær", "Moen", "Palmqvist", "Vik", "Sjögren", "Toft"},
	america: {"Miller", "Garcia", "Thompson", "Nguyen", "Carter", "Reed", "Brooks", "Sanders", "Patel", "Coleman", "Foster", "Hayes", "Jenkins", "Ortiz", "Porter", "Russell", "Simmons", "Wallace", "Chavez", "Bryant", "Hughes", "Long", "Rivera", "Webb"},
}

// Company names are made of a stem and what the company does.
var stems = map[string][]string{
	dach:    {"Nordkamp", "Rheintal", "Steinfeld", "Albrecht", "Hohenau", "Waldner", "Kessler", "Lindau", "Tannhof", "Brenner", "Achtal", "Donauer", "Falken", "Grünbach", "Harzer", "Isarwerk", "Jura", "Kaltenbach", "Lechner", "Moosach", "Neckar", "Oderland", "Pfalzer", "Ruhrgau"},
	nordics: {"Norrsken", "Fjällbo", "Skärgård", "Vänern", "Kattegat", "Solvang", "Birka", "Dalälven", "Eidsvik", "Fyrtorn", "Granlund", "Havsvik", "Isfjord", "Järnbruk", "Kvarnby", "Ljusdal", "Mälar", "Nordhavn", "Ostvik", "Polstjärn", "Rimfrost", "Sundby", "Torsvik", "Ulvsund"},
	america: {"Blackridge", "Cedar Falls", "Copperline", "Dunmore", "Eastgate", "Fairhaven", "Granite Peak", "Harborview", "Ironwood", "Juniper", "Kestrel", "Lakeshore", "Mesa Verde", "Northfield", "Oakmont", "Pinecrest", "Quarry Hill", "Redstone", "Silverton", "Tidewater", "Umpqua", "Vantage", "Westbrook", "Yellowpine"},
}

var trades = map[string][]string{
	"Automotive":     {"Automotive", "Drivetrain", "Mobility", "Castings"},
	"Food":           {"Foods", "Dairy", "Brewing", "Ingredients"},
	"Pharma":         {"Pharma", "Biologics", "Labs", "Diagnostics"},
	"Energy":         {"Energy", "Power", "Turbines", "Grid"},
	"Chemicals":      {"Chemicals", "Polymers", "Coatings", "Specialties"},
	"Machinery":      {"Machinery", "Tooling", "Robotics", "Precision"},
	"Water":          {"Water", "Utilities", "Filtration", "Hydro"},
	"Semiconductors": {"Semiconductor", "Photonics", "Microsystems", "Wafer"},
}

var legalForms = map[string][]string{
	dach:    {"GmbH", "AG", "GmbH & Co. KG"},
	nordics: {"AB", "A/S", "AS", "Oy"},
	america: {"Inc.", "LLC", "Corp."},
}

var countries = map[string][]string{
	dach:    {"Germany", "Germany", "Germany", "Austria", "Switzerland"},
	nordics: {"Sweden", "Sweden", "Sweden", "Denmark", "Norway", "Finland"},
	america: {"United States", "United States", "United States", "Canada"},
}

var jobs = []struct{ title, seniority string }{
	{"Head of Quality", "director"},
	{"Plant Manager", "manager"},
	{"Metrology Engineer", "specialist"},
	{"Procurement Manager", "manager"},
	{"VP Operations", "executive"},
	{"Laboratory Manager", "manager"},
	{"Process Engineer", "specialist"},
	{"Maintenance Lead", "specialist"},
	{"Chief Technology Officer", "executive"},
	{"Calibration Specialist", "specialist"},
}

var folded = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "å", "a", "æ", "ae", "ø", "o", "é", "e", "ß", "ss",
	"Ä", "Ae", "Ö", "Oe", "Ü", "Ue", "Å", "A", "Æ", "Ae", "Ø", "O", "&", "", ".", "", ",", "", "'", "", "/", "", ":", "", "?", "")

// slug is s as it stands in a domain, an address or a URL.
func slug(s string) string {
	return strings.ToLower(strings.Join(strings.Fields(folded.Replace(s)), "-"))
}

// localPart is a name as it stands before the @.
func localPart(name string) string { return strings.ReplaceAll(slug(name), "-", ".") }
