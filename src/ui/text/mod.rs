//! Text from models on its way to cells: cleaned, laid out as markdown, wrapped, sealed.
