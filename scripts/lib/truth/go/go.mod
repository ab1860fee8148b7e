module doctown/truth

go 1.24
