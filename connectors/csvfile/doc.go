// Package csvfile reads CSV and Parquet files: the canonical files of the
// design as they are, and any other table through a small mapping language in
// the configuration.
//
// # Canonical files
//
//	sources:
//	  - name: crm
//	    kind: csvfile
//	    path: files            # a folder, one file, or a pattern: exports/*.csv
//
// The name of a file says what it holds: deals.csv or deals.parquet holds
// deals. Its columns are the canonical ones, in any order, and may be left out
// except the keys. An unknown column, a missing key column and a file that
// cannot be read fail the source as a whole and nothing of the run is kept. A
// bad row is kept aside with its line, field and reason, and the run goes on.
//
// Text is UTF-8 with or without a byte order mark, UTF-16, or, when it is
// neither, Windows-1252. Fields are separated by comma, semicolon, tab or pipe,
// in quotation marks where needed. Times are ISO 8601 with an offset; one
// without an offset is in the company's time zone; a date without a time is the
// last instant of that day for created_at and closed_at of a deal and the first
// for everything else. Other orders (31.12.2026, 12/31/2026), decimal commas and
// thousands marks are recognised when the values of the file leave no doubt.
// When they do, as with 01/02/2026 in every row, the source fails with the key
// that settles it. These keys may stand on the source, or on one entry of files:
//
//	encoding separator quotes decimal date_format header columns skip_lines blank
//
// # Foreign files
//
// The list files says for each foreign file which records a row becomes:
//
//	files:
//	  - match: sales_pipeline.csv
//	    date_format: M/D/YYYY
//	    records:
//	      - stream: deals
//	        set:
//	          deal_id: opportunity_id                      # a column of the file
//	          account_id: {column: account, trim: true}
//	          status: {column: deal_stage, map: {Won: won, Lost: lost, '*': open}}
//	          amount: close_value
//	          currency: {value: USD}                       # a constant
//	          name: {template: "{product} for {account}"}
//	      - stream: line_items
//	        when: product                                  # only when not empty
//	        set:
//	          line_id: {id: [opportunity_id, product]}     # derived id: a hash
//	          deal_id: opportunity_id
//	          product_id: {column: product, map: {GTXPro: GTX Pro}}
//	          quantity: {value: 1}
//	          unit_price: close_value
//
// An entry's keys:
//
//   - match: name or pattern, relative to path. The first entry that matches a
//     file counts. Files are read in the order of the entries, then by name; a
//     file that no entry matches is read when it has a canonical name and is
//     left alone otherwise. Without files, a file without a canonical name is an
//     error, and ignore: [pattern, …] names those to leave alone.
//   - the reading keys above, which then count for this file only.
//   - stream: deals reads the file as canonical deals under another name.
//   - join: other files whose columns are added to each row (below).
//   - records: the records a row becomes, each with stream, set, when and keep.
//
// Set names canonical columns; each takes its value from exactly one of
//
//   - column (or just the name of the column): a column of the file. Two more
//     exist in every file: _line, the number of the line, and _file, the name of
//     the file without its ending.
//   - value: a constant.
//   - template: text with columns in braces, "{first} {last}"; no value when
//     all of its columns are empty.
//   - id: a list of columns whose values are hashed to 32 hex digits; equal
//     values make equal ids in every file; no value when all are empty.
//
// and then goes through these steps, in this order:
//
//   - trim: yes drops blanks around the value and repeated ones inside.
//   - extract: a regular expression; its first group stays, or the whole match;
//     a value that does not match becomes no value.
//   - lower: yes.
//   - map: {value: replacement}; '*' catches every other value, ” the missing
//     one; a value not listed stays as it is, so a map also corrects spellings.
//   - default: the value when there is none.
//   - date_format and decimal: how this value is written, when it differs from
//     the file's. date_format is of YYYY YY M MM MMM MMMM D DD H HH h hh m mm s ss
//     A Z and other characters as they are (letters in [brackets]), or unix, or
//     unix_ms.
//
// When is a list of conditions that must all hold, or one of them:
//
//	when: {column: origin, equals: [social, display]}
//	when: [account, {column: stage, not: Prospecting}, {column: lost_on, empty: yes}]
//
// where a bare name means that the column has a value.
//
// A row that makes the same record as an earlier row (an account derived from
// each of its deals) replaces it; with keep: first the earlier one stays. A
// record in a later file of the list replaces one in an earlier file.
//
// A row is kept whole or rejected whole: when one of its records lacks its id or
// has a value that cannot be read, none of them is stored. Use when for records
// that only some rows have.
//
// # Join
//
//	files:
//	  - match: messages.tsv
//	    quotes: no
//	    header: no
//	    columns: [mid, file, sent, subject, sender]
//	    records: […]
//	  - match: recipients.tsv
//	    header: no
//	    columns: [mid, number, receiver]
//	    join:
//	      - {file: messages.tsv, as: message, on: {mid: mid}}
//	      - {file: employees.tsv, as: sender, on: {message.sender: id}}
//	    records:
//	      - stream: activity_people
//	        set: {activity_id: mid, contact_id: receiver, email: sender.email, role: {value: to}}
//
// A join adds the columns of the first row of the other file whose key equals;
// they are called as.column. Without such a row they are empty. Later joins may
// use columns of earlier ones. The other file is read as its own entry says,
// which may be one without records.
//
// # What is read again
//
// The cursor holds a fingerprint of the content of each file. Unchanged files
// are skipped, and their rejected rows stay on record. Foreign files depend on
// each other, so all of them are read again when one of them changed, and
// everything is when the configuration of the source changed. A file that
// disappears deletes nothing.
package csvfile
