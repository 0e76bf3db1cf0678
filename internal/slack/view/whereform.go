package view

// CallbackWhere is what the form is called that asks in which channel a case
// belongs, for those who are in none when they ask for a new one.
const CallbackWhere = "case_where"

// FieldWhere is its only field.
const FieldWhere = "where"

// WhereForm asks in which of the channels a case belongs.
func WhereForm(channels []Option) View {
	where := input(FieldWhere, "Channel", &Element{
		Type: "static_select", Options: channels[:min(len(channels), maxAccounts)], Placeholder: plain("Where the case belongs", maxPlaceholder),
	})
	where.Hint = plain("These are the channels you are in where cases can be opened. The people in it see the case, and hear of it there.", maxLabel)
	return View{
		Type: "modal", CallbackID: CallbackWhere, Title: plain(TitleCreate, maxTitle), Submit: plain("Next", maxTitle),
		Close: plain("Cancel", maxTitle), Blocks: []Block{where},
	}
}
