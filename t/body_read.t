# However a body comes in and is kept, what may pass of it arrives, and nothing else; the connection goes on behind it.

use lib 't/lib';
use Consent::Test;

my $t = Consent::Test->new;
my $up = $t->upstream({ body => 'ok' });

$t->keys;
$t->policy;

my %ways = (
    plain  => '',
    small  => 'client_body_buffer_size 1k;',
    large  => 'client_body_buffer_size 4m;',
    single => 'client_body_in_single_buffer on; client_body_buffer_size 64k;',
    file   => 'client_body_in_file_only clean;',
    stream => 'proxy_request_buffering off; proxy_http_version 1.1;',
);

$t->run(<<"EOF");
    %%CONSENT%%
    log_format body '\$request_body';

    server {
        listen 127.0.0.1:%%PORT_0%%;
        listen 127.0.0.1:%%PORT_2%% http2;
        consent on;
        consent_unknown pass;
        consent_body_limit 20m;
        client_max_body_size 20m;
        access_log %%DIR%%/body.log body;
@{[map { "        location /$_/ { $ways{$_} proxy_pass http://127.0.0.1:%%PORT_1%%; }\n" } sort keys %ways]}
        location /.privacy/ { consent_pages; }
    }
EOF

my $secret = '198001011234';

# a form of about n bytes: something to take out first, in the middle and last
sub form {
    my ($n) = @_;

    my $x = 'x' x ($n / 2);
    my $all = "pnr=$secret&a=1&b=$x&pnr=$secret&c=%20+&d=$x&e=2&pnr=$secret";

    return ($all, "a=1&b=$x&c=%20+&d=$x&e=2");
}

my @form = (headers => ['Content-Type', 'application/x-www-form-urlencoded', 'Content-MD5', 'abc', 'Digest', 'sha-256=abc']);

sub check {
    my ($r, $less, $name) = @_;

    my $q = $up->last;
    my $body = $q->body =~ s/&$//r;

    is($r->status, 200, "$name: answered");
    ok($body eq $less, 'what may pass arrives') or diag(length($less) . ' and not ' . length($body) . ': ' . substr $body, 0, 200);
    is($q->header('Content-Length'), length $q->body, 'with its length');
    is($q->header('Transfer-Encoding'), undef, 'and no other way of telling it');
    is($q->header('Digest') // $q->header('Content-MD5'), undef, 'nor a digest of what it was');
}

for my $way (sort keys %ways) {
    my $c = $t->connect;

    for my $n (20, 900, 20_000, 300_000) {
        my ($all, $less) = form($n);
        my @pieces = unpack '(a' . int(length($all) / 7 + 1) . ')*', $all;

        check($c->request('POST', "/$way/", @form, body => $all), $less, "$way, $n bytes");
        check($c->request('POST', "/$way/", @form, chunked => \@pieces), $less, 'in chunks');
        check($c->request('POST', "/$way/", headers => [@{$form[1]}, 'Expect', '100-continue'], body => $all), $less, 'waiting for 100');
        check($t->request('POST', "/$way/", @form, port => 2, version => 2, body => $all), $less, 'over HTTP/2');
    }

    my ($all, $less) = form(300);
    check($c->request('POST', "/$way/", @form, chunked => [split //, $all]), $less, "$way, byte by byte");
    check($c->request('POST', "/$way/", @form, pieces => [unpack '(a100)*', $all], delay => 0.02), $less, 'slowly');
    check($c->request('POST', "/$way/", @form, chunked => [unpack '(a100)*', $all], delay => 0.02), $less, 'in slow chunks');
    check($c->request('GET', "/$way/", @form, body => $all), $less, 'with GET');

    for ([body => ''], [chunked => []]) {
        is($c->request('POST', "/$way/", @form, @$_)->status, 200, "an empty body passes: $_->[0]");
        is($up->last->body, '', 'without a byte');
    }

    check($c->request('POST', "/$way/", @form, body => "pnr=$secret"), '', 'nothing left');

    # what has to go comes late, when much has been let through

    for my $n (20_000, 40_000, 200_000, 500_000) {
        my $x = join '', map { "f$_=" . 'x' x 50 . '&' } 1 .. $n / 60;
        check($c->request('POST', "/$way/", @form, body => "${x}pnr=$secret"), $x =~ s/&$//r, "$way, late in $n bytes");
        check($c->request('POST', "/$way/", @form, chunked => [unpack '(a7000)*', "${x}pnr=$secret&${x}z=1"]), "$x${x}z=1", 'or half way');
    }

    my $plain = 'a=1&b=' . 'x' x 50_000;
    is($c->request('POST', "/$way/", headers => [@{$form[1]}[0, 1], 'Digest', 'abc'], body => $plain)->status, 200, 'nothing to take out');
    ok($up->last->body eq $plain, 'is the same, byte for byte');
    is($up->last->header('Digest'), 'abc', 'and so is what is said of it');
}

# several requests at once on one connection, each behind the body of the one before

my ($all, $less) = form(200);
my $c = $t->connect;
my $head = "POST /plain/ HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " . length($all) . "\r\n\r\n$all";

$c->send($head x 3 . "GET /plain/ HTTP/1.1\r\nHost: a\r\n\r\n");
is($c->response->status, 200, "pipelined: $_") for 1 .. 4;
is(scalar(grep { $_->body =~ s/&$//r eq $less } ($up->requests)[-4 .. -2]), 3, 'each has its own');

for (12_000_000) {
    my ($all, $less) = form($_);
    check($t->request('POST', '/plain/', @form, body => $all), $less, 'twelve megabytes');
    my $plain = 'a=' . 'y' x $_;
    is($t->request('POST', '/plain/', @form, body => $plain)->status, 200, 'and as much with nothing to take out');
    ok($up->last->body eq $plain, 'byte for byte');
}

unlike($t->read('body.log'), qr/$secret/, 'what is logged of a body is what may pass of it');
is(scalar(grep { -f } glob $t->path('tmp/*/* tmp/*/*/*')), 0, 'no file is left');

done_testing;
