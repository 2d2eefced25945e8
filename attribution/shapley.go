package attribution

// shapleyValue shares a deal equally among the distinct channels of its journey
// and each channel's part equally among its touches. That is the Shapley value
// of the game in which a set of channels earns the journeys that need no other:
// each journey is a unanimity game of its channels, and in one all players are
// alike (Shapley 1953).
var shapleyValue = Model{
	ID: "shapley", Title: "Shapley value", Short: "Shapley", Family: LearnedFromAll,
	Formula: "1/(m·k) with m the distinct channels of the journey and k its touches of this touch's channel",
	Anchors: "the set of channels of the journey; order and time do not matter",

	weight: "cast(round(1e12 / (channels * channel_touches)) as bigint)",
}
