from marfa.cli.main import main

main()
