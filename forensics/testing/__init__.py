"""The case-script language and the runner of detector examples; third parties' detectors use it too."""
