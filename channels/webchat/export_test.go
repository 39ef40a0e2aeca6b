package webchat

// AddressOf lets tests know where a person's replies go.
var AddressOf = addressOf
