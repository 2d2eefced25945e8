package web

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"credence/server/export"
)

// sendCSV answers with a table as a file. A cell that a spreadsheet would run as
// a formula is quoted by an apostrophe; numbers keep their sign.
func sendCSV(c *fiber.Ctx, name string, rows [][]string) error {
	var body bytes.Buffer
	w := csv.NewWriter(&body)
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			if _, err := strconv.ParseFloat(cell, 64); err == nil {
				safe[i] = cell // a negative number is no formula
				continue
			}
			safe[i] = export.Defuse(cell)
		}
		if err := w.Write(safe); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	c.Locals(rowsLocal, len(rows)-1) // without the head
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+fileName(name)+`.csv"`)
	return c.Send(body.Bytes())
}

// fileName keeps letters, digits and dashes.
func fileName(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' {
			return r
		}
		return '-'
	}, name), "-.")
}
