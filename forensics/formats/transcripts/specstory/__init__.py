"""SpecStory: sessions of many agents as Markdown, kept beside the code in `.specstory/history/`."""
