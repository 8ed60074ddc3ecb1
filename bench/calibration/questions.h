#pragma once
#include "document.h"
#include "simulation.h"

namespace evenface::calibration {

/// One function per question, each in a file of its name. All simulate, or enumerate where that is possible.
Section one_proportion(const Effort& effort);        ///< coverage of Wilson's and Clopper-Pearson's interval
Section two_proportions(const Effort& effort);       ///< coverage for differences, ratios and paired changes
Section group_figures(const Effort& effort);         ///< coverage for gap, ratios and the mean over groups
Section rates_of_groups(const Effort& effort);       ///< shrunken rates, equivalence, decomposed gaps
Section scores(const Effort& effort);                ///< areas under curves, and calibration where it is perfect
Section false_alarms(const Effort& effort);          ///< how often a bias is found where there is none
Section spread(const Effort& effort);                ///< bias of the corrected variance, coverage of the corrected SD
Section power(const Effort& effort);                 ///< which difference is found with how many rows
Section one_run_each(const Effort& effort);          ///< errors of the verdict on two models
Section several_seeds(const Effort& effort);         ///< errors of the verdict on two methods
Section bootstrapped_metrics(const Effort& effort);  ///< coverage of the bootstrap on cells
Section not_bootstrapped(const Effort& effort);      ///< what a bootstrap of gap, ratio and SD would cover

}  // namespace evenface::calibration
