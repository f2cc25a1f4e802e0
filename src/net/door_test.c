/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests of doors: who calls is let in by one of them, and nobody else listens on their address.
 */
#include "net/door.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

#define CALLS 200

static void a_port_in_use_is_told(void **state)
{
    (void)state;
    struct doors first, second;
    char error[256] = "";
    assert_true(doors_open(&first, "127.0.0.1", 0, error));
    assert_false(doors_open(&second, "127.0.0.1", first.port, error));
    assert_non_null(strstr(error, "cannot listen on 127.0.0.1 port"));
    doors_close(&first);
    assert_true(doors_open(&second, "localhost", first.port, error)); /* free again */
    doors_close(&second);
    assert_false(doors_open(&second, "shop.example", 0, error));
    assert_non_null(strstr(error, "give an address"));
}

static void count(void *arg, int fd, const struct sockaddr *from, socklen_t n)
{
    assert_int_equal(from->sa_family, AF_INET);
    assert_true(n >= sizeof(struct sockaddr_in));
    ++*(int *)arg;
    close(fd);
}

static void everybody_is_let_in(void **state)
{
    (void)state;
    struct doors d;
    char error[256];
    int calls[CALLS], let_in = 0, set = epoll_create1(EPOLL_CLOEXEC);
    assert_true(doors_open(&d, "127.0.0.1", 0, error));
    doors_hear(&d, set, 7);
    doors_hear(&d, set, 7); /* a second time is nothing */
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(d.port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    for (int i = 0; i < CALLS; i++) {
        calls[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(calls[i], (const struct sockaddr *)&to, sizeof(to)), 0);
    }
    struct epoll_event ev;
    while (let_in < CALLS && epoll_wait(set, &ev, 1, 2000) == 1) {
        assert_int_equal(ev.data.u64, 7);
        doors_accept(&d, count, &let_in);
    }
    assert_int_equal(let_in, CALLS);
    assert_int_equal(epoll_wait(set, &ev, 1, 0), 0);
    for (int i = 0; i < CALLS; i++)
        close(calls[i]);
    doors_close(&d);
    close(set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_port_in_use_is_told),
        cmocka_unit_test(everybody_is_let_in),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
