package web

import (
	"encoding/json"
	"reflect"
	"regexp"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
)

// object is a JSON object of the description, whose shape OpenAPI gives.
type object = map[string]any

// apiOpenAPI answers the description of the API: OpenAPI 3.1, made from the
// types that the handlers answer with.
func (s *Server) apiOpenAPI(c *fiber.Ctx) error { return c.JSON(openAPI(s.Version)) }

var pathParameter = regexp.MustCompile(`:(\w+)`)

func openAPI(version string) object {
	paths := object{}
	for _, d := range apiDocs() {
		path := pathParameter.ReplaceAllString(d.path, "{$1}")
		if paths[path] == nil {
			paths[path] = object{}
		}
		paths[path].(object)[strings.ToLower(d.method)] = operation(d) //nolint:errcheck // made one line above
	}
	if version == "" {
		version = "dev"
	}
	return object{
		"openapi": "3.1.0",
		"info": object{
			"title": "Credence", "version": version,
			"description": "Every answer holds only what the reader may see; a record out of scope is 404. Amounts are decimal text.",
		},
		"security":   []object{{"bearer": []string{}}, {"cookie": []string{}}},
		"components": object{"securitySchemes": object{"bearer": object{"type": "http", "scheme": "bearer"}, "cookie": object{"type": "apiKey", "in": "cookie", "name": "cred"}}},
		"paths":      paths,
	}
}

func operation(d apiDoc) object {
	var params []object
	for _, m := range pathParameter.FindAllStringSubmatch(d.path, -1) {
		params = append(params, object{"name": m[1], "in": "path", "required": true, "schema": object{"type": "string"}})
	}
	for _, p := range d.query {
		params = append(params, object{"name": p.name, "in": "query", "description": p.doc, "schema": object{"type": "string"}})
	}
	failure := object{"description": "Why not", "content": content(apiError{})}
	answers := object{"default": failure}
	if d.answer == nil {
		answers["204"] = object{"description": "Done"}
	} else {
		answers["200"] = object{"description": "Done", "content": content(d.answer)}
	}
	o := object{"summary": d.summary, "responses": answers}
	if params != nil {
		o["parameters"] = params
	}
	if d.body != nil {
		o["requestBody"] = object{"required": true, "content": content(d.body)}
		o["security"] = []object{}
	}
	return o
}

func content(v any) object {
	return object{fiber.MIMEApplicationJSON: object{"schema": schema(reflect.TypeOf(v))}}
}

// schema is the JSON schema of what encoding/json makes of t.
func schema(t reflect.Type) object {
	if t == reflect.TypeFor[time.Time]() {
		return object{"type": "string", "format": "date-time"}
	}
	if t == reflect.TypeFor[json.Number]() {
		return object{"type": "number"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		s := schema(t.Elem())
		if kind, ok := s["type"].(string); ok {
			s["type"] = []string{kind, "null"}
		}
		return s
	case reflect.Slice:
		return object{"type": "array", "items": schema(t.Elem())}
	case reflect.Struct:
		properties, required := object{}, []string{}
		fields(t, properties, &required, true)
		o := object{"type": "object", "properties": properties}
		if len(required) > 0 {
			o["required"] = required
		}
		return o
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Float64:
		return object{"type": "number"}
	default:
		return object{"type": "object"}
	}
}

// fields adds the properties of struct t, those of embedded structs among
// them. Those of an embedded pointer may be missing.
func fields(t reflect.Type, properties object, required *[]string, always bool) {
	for f := range t.Fields() {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "" && f.Type.Kind() == reflect.Pointer:
			fields(f.Type.Elem(), properties, required, false)
		case f.Anonymous && name == "":
			fields(f.Type, properties, required, always)
		case name != "" && name != "-":
			properties[name] = schema(f.Type)
			if always && !strings.Contains(options, "omitempty") {
				*required = append(*required, name)
			}
		}
	}
}
