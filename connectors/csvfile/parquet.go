package csvfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"credence/warehouse/money"
)

// The values of a Parquet file become the texts that a canonical CSV file would
// hold, so that mapping, checks and reasons are the same for both.

// parquetBatch is how many rows are read at a time.
const parquetBatch = 1024

func openParquet(path string) (*os.File, *parquet.File, error) {
	f, err := os.Open(path) //nolint:gosec // the configuration names the file
	if err != nil {
		return nil, nil, err
	}
	info, err := f.Stat()
	if err != nil {
		return nil, nil, errors.Join(err, f.Close())
	}
	p, err := openGuarded(f, info.Size())
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("it is no whole Parquet file (%w); export it again", err), f.Close())
	}
	return f, p, nil
}

// openGuarded turns a panic of the library on a damaged file into an error.
func openGuarded(f *os.File, size int64) (p *parquet.File, err error) {
	defer guard(&err)
	var tail [8]byte // the length of the footer, which the library takes at its word
	if _, err = f.ReadAt(tail[:], max(0, size-8)); err != nil {
		return nil, err
	}
	if length := int64(binary.LittleEndian.Uint32(tail[:])); length > size-12 {
		return nil, fmt.Errorf("damaged: its footer of %d bytes is longer than the file", length)
	}
	return parquet.OpenFile(f, size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true))
}

func guard(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("damaged: %v", r)
	}
}

// parquetColumns lists the columns; nested ones are joined by points.
func parquetColumns(path string) (names []string, err error) {
	f, p, err := openParquet(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, c := range p.Schema().Columns() {
		name := strings.Join(c, ".")
		if leaf, ok := p.Schema().Lookup(c...); ok && leaf.MaxRepetitionLevel > 0 {
			return nil, fmt.Errorf("the column %q holds lists; write one value a row", name)
		}
		names = append(names, name)
	}
	return names, nil
}

// parquetRows hands out the rows of a file in batches.
func parquetRows(path string) (func() (block, bool, error), func() error, error) {
	f, p, err := openParquet(path)
	if err != nil {
		return nil, nil, err
	}
	var texts []func(parquet.Value) string
	for _, c := range p.Schema().Columns() {
		leaf, _ := p.Schema().Lookup(c...)
		texts = append(texts, textOf(leaf.Node.Type()))
	}
	reader := parquet.NewReader(p)
	rows, line, over := make([]parquet.Row, parquetBatch), 1, false
	next := func() (out block, ok bool, err error) {
		defer guard(&err)
		if over {
			return out, false, nil
		}
		n, err := reader.ReadRows(rows)
		if over = errors.Is(err, io.EOF); err != nil && !over {
			return out, false, fmt.Errorf("after row %d the file is damaged (%w); export it again", line-1, err)
		}
		out = block{line: line, rows: make([][]string, n)}
		line += n
		for i, r := range rows[:n] {
			fields := make([]string, len(texts))
			for _, v := range r {
				if c := v.Column(); c >= 0 && c < len(texts) && !v.IsNull() {
					fields[c] = texts[c](v)
				}
			}
			out.rows[i] = fields
		}
		return out, n > 0, nil
	}
	return next, func() error { return errors.Join(reader.Close(), f.Close()) }, nil
}

// textOf writes the values of a type as canonical files do.
func textOf(t parquet.Type) func(parquet.Value) string {
	if l := t.LogicalType(); l != nil {
		switch kind := l.Value.(type) {
		case *format.DateType:
			return func(v parquet.Value) string { return time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly) }
		case *format.TimestampType:
			return timestampText(kind)
		case *format.DecimalType:
			return func(v parquet.Value) string { return decimalText(v, int(kind.Scale)) }
		case *format.IntType:
			if !kind.IsSigned {
				return func(v parquet.Value) string {
					if v.Kind() == parquet.Int32 {
						return strconv.FormatUint(uint64(v.Uint32()), 10)
					}
					return strconv.FormatUint(v.Uint64(), 10)
				}
			}
		}
	}
	return plainText
}

func plainText(v parquet.Value) string {
	switch v.Kind() {
	case parquet.Boolean:
		return strconv.FormatBool(v.Boolean())
	case parquet.Int32:
		return strconv.FormatInt(int64(v.Int32()), 10)
	case parquet.Int64:
		return strconv.FormatInt(v.Int64(), 10)
	case parquet.Int96: // the timestamp of old writers
		t := v.Int96()
		const julian1970 = 2440588
		nanos := int64(uint64(t[0]) | uint64(t[1])<<32) //nolint:gosec // a day has fewer than 2^63
		return time.Unix((int64(t[2])-julian1970)*86400, nanos).UTC().Format(time.RFC3339)
	case parquet.Float:
		return strconv.FormatFloat(float64(v.Float()), 'f', -1, 32)
	case parquet.Double:
		return strconv.FormatFloat(v.Double(), 'f', -1, 64)
	case parquet.ByteArray, parquet.FixedLenByteArray:
	}
	return strings.ToValidUTF8(strings.ReplaceAll(string(v.ByteArray()), "\x00", ""), "\uFFFD")
}

// timestampText writes an instant with its offset, and a local time without.
func timestampText(t *format.TimestampType) func(parquet.Value) string {
	unit := time.Microsecond
	if t.Unit.Value != nil {
		unit = t.Unit.Value.Duration()
	}
	layout := "2006-01-02T15:04:05"
	if t.IsAdjustedToUTC {
		layout = time.RFC3339
	}
	perSecond := int64(time.Second / unit)
	return func(v parquet.Value) string {
		n := v.Int64()
		seconds := n / perSecond
		if n%perSecond < 0 {
			seconds--
		}
		return time.Unix(seconds, 0).UTC().Format(layout)
	}
}

func decimalText(v parquet.Value, scale int) string {
	switch v.Kind() {
	case parquet.Int32:
		return money.FormatScaled(int64(v.Int32()), scale)
	case parquet.Int64:
		return money.FormatScaled(v.Int64(), scale)
	case parquet.Boolean, parquet.Int96, parquet.Float, parquet.Double:
		return plainText(v)
	case parquet.ByteArray, parquet.FixedLenByteArray:
	}
	b := v.ByteArray() // two's complement, the highest byte first
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	text := new(big.Int).Abs(n).String()
	if pad := scale + 1 - len(text); pad > 0 {
		text = strings.Repeat("0", pad) + text
	}
	if scale > 0 {
		text = text[:len(text)-scale] + "." + text[len(text)-scale:]
	}
	if n.Sign() < 0 {
		text = "-" + text
	}
	return text
}
