/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/*
 * Addresses: who gets a parcel and where, out of one line as buyers paste it ("张三 13800001234 浙江省杭州市西湖区文三路1号").
 * The region and the phone are entities of their own (nlu/region.h, nlu/code.h); here are the street behind the region and
 * the person. Simply in English: "Ann Lee, 12 Oak Street Apt 4, Austin, TX 78704", "Leeds LS1 4AP". Pure.
 */

#include "nlu/scan.h"

take_fn address_street; /**< 12 Oak Street Apt 4, and the city, state and ZIP code behind it as a region */
take_fn address_zip;    /**< 78704, with the state and the town before it: a region State/Town/ZIP */
take_fn address_postcode; /**< NW1 6XE, with the town before it: a region Town/Postcode */
take_fn address_label;  /**< 收件人:张三, name: Ann Lee */

/** Ends the scan: the street behind a region; a person beside a phone. What was found inside a street is dropped. */
void address_settle(struct scan *s);

/** The parts of an address, as an order holds them; empty where the text does not say. */
struct address {
    struct str name, phone, region, detail;
};
/** Collects the parts from the entities of one text. @return how many of the four were there */
size_t address_of(const struct entity *entities, size_t n, struct address *ret);
