/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Measures: entities that are a number and what it measures: heights, weights, feet, money, quantities. Pure.
 */

#include "nlu/scan.h"

take_fn measure_body;   /**< "165 110": height, then weight */
take_fn measure_metres; /**< 1米68, 一米七 */
take_fn measure_feet;   /**< 5'7" */
take_fn measure_named;  /**< 身高165, 脚长24.5 */
take_fn measure_price;  /**< ¥99 */
take_fn measure_unit;   /**< 110斤, 170cm, 10块5, 三件 */
