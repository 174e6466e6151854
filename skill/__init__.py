"""An accessible voice skill about treatments for recurrent soft tissue sarcoma.

One way in: every door (Lambda, web service, simulator, tests) sends Alexa request JSON to the skill of `handlers`.
"""
