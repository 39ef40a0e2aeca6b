package files

import (
	"bytes"
	"regexp"
)

// pdfTail is how far from its end a PDF may say that it ends.
const pdfTail = 1024

var pdfHeader = regexp.MustCompile(`^%PDF-[12]\.[0-9][\r\n %]`)

// cleanPDF checks a PDF's two ends and cuts off what follows the second. Its
// inside stays as it is: whoever shows a PDF offers it as a download.
func cleanPDF(data []byte) ([]byte, error) {
	if !pdfHeader.Match(data) {
		return nil, errMalformed
	}
	tail := data[max(0, len(data)-pdfTail):]
	end := bytes.LastIndex(tail, []byte("%%EOF"))
	if end < 0 || !bytes.Contains(data, []byte("startxref")) {
		return nil, errMalformed
	}
	length := len(data) - len(tail) + end + len("%%EOF")
	return append(data[:length:length], '\n'), nil
}
